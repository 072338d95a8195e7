// Whole ways through the site: an operator of a municipality at a desk, a visitor with a phone,
// somebody with a keyboard alone, somebody whose browser runs no scripts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, site } from "./browser.mjs";
import { at } from "./pages.mjs";

const here = site();

const WORDS = {
    it: { search: "Cerca", remove: /Togli il filtro/, compare: /^Confronta/, english: "Read this page in English", sent: "Messaggio ricevuto" },
    en: { search: "Search", remove: /Remove the filter/, compare: /^Compare/, english: "Leggi questa pagina in italiano", sent: "Your message was received" },
};

for (const language of ["it", "en"]) {
    describe(`in ${language}`, () => {
        const words = WORDS[language];
        const go = (page, path) => page.goto(here.node.address + at(language, path));

        test("an operator finds, narrows, compares and asks", async () => {
            const { page, context, faults } = await open(here);
            await go(page, "/");
            await page.getByRole("combobox").last().fill("centri famiglie");
            await page.getByRole("combobox").last().press("Enter");
            await page.waitForURL(/\/esperienze\?q=/);
            const count = async () => Number((await page.textContent("#risultati")).match(/\d+/)[0]);
            const all = await count();
            assert.ok(all > 1, `${all} found`);

            await page.locator('details[data-facet="territory"] a').first().click();
            await page.waitForURL(/territory=/);
            await page.getByRole("link", { name: words.remove }).first().waitFor();
            const fewer = await count();
            assert.ok(fewer > 0 && fewer < all, `${fewer} of ${all}`);
            await page.goBack();
            await page.waitForURL((url) => !url.search.includes("territory"));
            await page.waitForFunction((n) => document.querySelector("#risultati").textContent.includes(String(n)), all);

            await page.locator("button.compare-add").nth(0).click();
            await page.locator("button.compare-add").nth(1).click();
            await page.getByRole("link", { name: words.compare }).last().click();
            await page.waitForURL(/confronta\?id=.+&id=/);
            assert.equal(await page.locator("thead th").count(), 2);

            await page.locator("thead th a").first().click();
            await page.waitForURL(/\/esperienze\/[a-z0-9-]+$/);
            assert.ok(await page.locator("#simili").count(), "related experiences are there");
            assert.ok(await page.locator("#trasferimento").count(), "the transfer is told");
            const turtle = await page.locator('a[type="text/turtle"]').first().getAttribute("href");
            const answer = await fetch(here.node.address + turtle);
            assert.equal(answer.headers.get("content-type"), "text/turtle; charset=utf-8");
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("a need in one's own words finds experiences with reasons", async () => {
            const { page, context, faults } = await open(here, { javaScriptEnabled: false });
            await go(page, "/esperienze/simili");
            await page.fill("#need", "Ragazzi che hanno smesso di andare a scuola, in un quartiere senza luoghi di incontro");
            await page.fill("#municipality", "Bari");
            await page.click("main form button");
            assert.ok((await page.locator("main .results > li").count()) > 0);
            assert.ok((await page.locator("main .reasons li").count()) > 0);
            assert.equal(await page.inputValue("#municipality"), "Bari", "what was typed is still there");
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("a visitor with a phone opens the menu, a network, and the other language", async () => {
            const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
            const { page, context, faults } = await open(here, phone);
            await go(page, "/");
            await page.locator(".main-menu summary").tap();
            await page.locator(`.main-menu a[href="${at(language, "/reti")}"]`).tap();
            await page.waitForURL(/\/reti$/);
            await page.locator(".results h3 a").first().tap();
            await page.waitForURL(/\/reti\/.+/);
            assert.ok(await page.locator("svg[data-network] a").count(), "the network is drawn");
            assert.ok(await page.locator(".same-facts tbody tr").count(), "and told in a table");
            const there = new URL(page.url()).pathname;
            await page.locator(".languages a").tap();
            const other = language === "it" ? `/en${there}` : there.replace(/^\/en/, "");
            await page.waitForURL((url) => url.pathname === other);
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("suggestions are chosen with the keyboard alone", async () => {
            const { page, context, faults } = await open(here);
            await go(page, "/esperienze");
            const box = page.locator("#q");
            await box.focus();
            await page.keyboard.type("nid", { delay: 30 });
            await page.locator('.suggestions:not([hidden]) [role="option"]').first().waitFor();
            assert.equal(await box.getAttribute("aria-expanded"), "true");
            await page.keyboard.press("ArrowDown");
            const active = await box.getAttribute("aria-activedescendant");
            const text = await page.locator(`#${active}`).getAttribute("data-text");
            await page.keyboard.press("Escape");
            assert.equal(await box.getAttribute("aria-expanded"), "false");
            await page.keyboard.press("ArrowDown");
            await page.locator('.suggestions:not([hidden]) [role="option"]').first().waitFor();
            await page.keyboard.press("ArrowDown");
            await page.keyboard.press("Enter");
            await page.waitForURL(/q=/);
            assert.equal(new URL(page.url()).searchParams.get("q"), text);
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("without scripts facets, views and pages are links", async () => {
            const { page, context, faults } = await open(here, { javaScriptEnabled: false });
            await go(page, "/esperienze");
            await page.locator('details[data-facet="theme"] a').first().click();
            assert.match(page.url(), /theme=/);
            await page.locator(".chips a").first().click();
            assert.doesNotMatch(page.url(), /theme=/);
            await page.locator('a[rel="next"]').first().click();
            assert.match(page.url(), /after=/);
            assert.ok((await page.locator(".results > li").count()) > 0);
            await go(page, "/esperienze?view=mappa");
            assert.ok((await page.locator(".map svg a").count()) > 10, "regions are links");
            assert.ok((await page.locator(".map tbody tr").count()) > 10, "and rows");
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("a message about accessibility is kept, and a short one is refused", async () => {
            const { page, context, faults } = await open(here, { javaScriptEnabled: false, expectsErrors: true });
            await go(page, "/accessibilita");
            await page.fill("#messaggio", "La mappa non si legge con il mio ingranditore.");
            await page.fill("#posta", "chi.scrive@example.org");
            await page.click("main form button");
            assert.ok((await page.textContent("main")).includes(words.sent));
            const refused = await fetch(here.node.address + at(language, "/accessibilita"), {
                method: "POST",
                headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
                body: "message=no",
            });
            assert.equal(refused.status, 422);
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("old addresses with the language as a parameter lead on", async () => {
            const answer = await fetch(`${here.node.address}/attori?lang=${language}&level=municipal`, {
                headers: { Accept: "text/html" },
                redirect: "manual",
            });
            assert.equal(answer.status, 301);
            assert.equal(answer.headers.get("location"), `${at(language, "/attori")}?level=municipal`);
        });
    });
}
