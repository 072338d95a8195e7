// The way of a researcher: from a ready-made question to one of their own, its answer in every
// form, its short address, its plan, the terms it is written in. With and without scripts.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, test } from "node:test";
import { open, site, violations } from "./browser.mjs";
import { at } from "./pages.mjs";

const run = promisify(execFile);
const PREFIXES = "PREFIX dct: <http://purl.org/dc/terms/>\nPREFIX fl: <https://w3id.org/familylab/ontology#>\nPREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n";
const CHART = `${PREFIXES}SELECT ?tema (COUNT(DISTINCT ?e) AS ?esperienze) { ?e a fl:Experience ; dct:subject ?tema } GROUP BY ?tema ORDER BY DESC(?esperienze)`;
const MAP = `${PREFIXES}SELECT DISTINCT ?comune ?lat ?long { ?e a fl:Experience ; fl:territory ?comune . ?comune geo:lat ?lat ; geo:long ?long }`;
const GRAPH = `${PREFIXES}CONSTRUCT { ?a fl:leads ?e } { ?e a fl:Experience ; fl:leadActor ?a } LIMIT 40`;

const WORDS = {
    it: { run: "Esegui", stop: "Interrompi", short: "Crea un indirizzo breve", plan: "Mostra il piano", chart: "Grafico", map: "Mappa", graph: "Grafo", table: "Tabella", go: "Vai al punto", editor: "Apri nell'editor", show: "Mostra la risposta", property: "Titolo" },
    en: { run: "Run", stop: "Stop", short: "Make a short address", plan: "Show the plan", chart: "Chart", map: "Map", graph: "Graph", table: "Table", go: "Go to the place", editor: "Open in the editor", show: "Show the answer", property: "Title" },
};

const here = site();

for (const language of ["it", "en"]) {
    const words = WORDS[language];
    const go = (page, path) => page.goto(here.node.address + at(language, path), { waitUntil: "networkidle" });
    const button = (page, name) => page.getByRole("button", { name, exact: true });
    const content = (page) => page.locator(".sparql-editor .cm-content");

    async function write(page, query) {
        await content(page).click();
        await page.keyboard.press("Control+A");
        await page.keyboard.insertText(query);
    }

    describe(`in ${language}`, () => {
        test("a question is written with completion, run, drawn and shared", async () => {
            const { page, context, faults } = await open(here);
            await go(page, "/sparql");
            assert.equal(await content(page).getAttribute("role"), "textbox");
            assert.ok(await content(page).getAttribute("aria-label"));
            await write(page, "SELECT ?e { ?e ");
            await page.keyboard.type(words.property.slice(0, 4).toLowerCase(), { delay: 40 });
            await page.locator(".cm-tooltip-autocomplete li", { hasText: "dct:title" }).first().click();
            const text = await page.evaluate(() => document.querySelector("#query").value);
            assert.match(text, /^PREFIX dct: <http:\/\/purl\.org\/dc\/terms\/>\nSELECT \?e \{ \?e dct:title$/);

            await write(page, CHART);
            await button(page, words.run).click();
            await page.locator(".results-table tbody tr").first().waitFor();
            assert.ok((await page.locator(".results-table tbody tr").count()) > 5);
            assert.ok((await page.locator(".results-table tbody a").first().textContent()).length > 3, "themes have names");
            await page.getByRole("tab", { name: words.chart }).click();
            await page.locator("svg.chart .bar").first().waitFor();
            assert.deepEqual(await violations(page), []);
            await page.keyboard.press("ArrowLeft");
            await page.locator(".results-table").waitFor();

            await write(page, MAP);
            await page.keyboard.press("Control+Enter");
            await page.getByRole("tab", { name: words.map }).click();
            await page.locator("svg.points a .point").first().waitFor();
            assert.deepEqual(await violations(page), []);

            await write(page, GRAPH);
            await button(page, words.run).click();
            await page.getByRole("tab", { name: words.graph }).click();
            await page.locator("svg.network .node").first().waitFor();
            assert.deepEqual(await violations(page), []);

            await button(page, words.plan).click();
            await page.locator("table.plan tbody tr").first().waitFor();

            await button(page, words.short).click();
            const link = page.locator("[data-short] a");
            await link.waitFor();
            const address = await link.getAttribute("href");
            assert.match(address, /\/s\/[0-9a-z]{16}$/);
            const answer = await fetch(address, { headers: { Accept: "text/turtle" } });
            assert.equal(answer.status, 200);
            await page.goto(address);
            assert.ok((await page.locator(".results-table tbody tr").count()) > 5, "the short address shows the answer");
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("a mistake is marked where it is", async () => {
            const { page, context } = await open(here);
            await go(page, "/sparql");
            await write(page, "SELECT *\nWHER { ?s ?p ?o }");
            const mark = page.locator(".cm-lintRange-error");
            await mark.waitFor();
            assert.equal(await mark.textContent(), "WHER");
            await button(page, words.run).click();
            await page.getByRole("alert").waitFor();
            assert.match(await page.getByRole("alert").textContent(), /2.+1.+WHER/);
            await button(page, words.go).click();
            assert.ok(await content(page).evaluate((element) => element.getRootNode().activeElement === element));
            await context.close();
        });

        test("a long question can be stopped", async () => {
            const { page, context } = await open(here);
            await go(page, "/sparql");
            await write(page, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i && ?d = ?c) }");
            await button(page, words.run).click();
            await button(page, words.stop).click();
            await button(page, words.stop).waitFor({ state: "hidden" });
            assert.ok(await button(page, words.run).isEnabled());
            await context.close();
        });

        test("the editor is no trap for the keyboard", async () => {
            const { page, context, faults } = await open(here);
            await go(page, "/sparql");
            await content(page).focus();
            await page.keyboard.press("Tab");
            const name = await page.evaluate(() => document.activeElement.textContent);
            assert.equal(name, words.run);
            await page.keyboard.press("Shift+Tab");
            assert.ok(await page.evaluate(() => document.activeElement.matches(".sparql-editor")));
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("without scripts the form answers, explains, shortens and downloads", async () => {
            const { page, context, faults } = await open(here, { javaScriptEnabled: false });
            await go(page, "/sparql");
            await page.fill("#query", "SELECT ?s ?p ?o { ?s a <https://w3id.org/familylab/ontology#Experience> ; ?p ?o }");
            await button(page, words.run).click();
            await page.waitForURL(/query=/);
            assert.equal(await page.locator(".results-table tbody tr").count(), 100);
            await page.locator('.pager a[rel="next"]').click();
            await page.waitForURL(/page=2/);
            assert.equal(await page.locator(".results-table tbody tr").count(), 100);
            await page.fill("#query", CHART);
            await button(page, words.plan).click();
            await page.waitForURL(/explain=true/);
            assert.ok((await page.locator("table.plan tbody tr").count()) > 2);
            await button(page, words.short).click();
            await page.waitForURL(/\/s\/[0-9a-z]{16}$/);
            const file = page.waitForEvent("download");
            await page.locator('.downloads button[value="csv"]').click();
            assert.equal((await file).suggestedFilename(), "familylab.csv");
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("a ready-made question is filled in, answered and opened in the editor", async () => {
            const { page, context, faults } = await open(here, { javaScriptEnabled: false });
            await go(page, "/q");
            await page.locator(`main a[href="${at(language, "/q/esperienze-per-tema-e-regione")}"]`).click();
            await page.selectOption("#p-tema", "tema/servizi-prima-infanzia");
            await page.fill("#p-regione", "territorio/campania");
            await button(page, words.show).click();
            await page.waitForURL(/tema=/);
            assert.equal(new URL(page.url()).searchParams.get("lingua"), language);
            const rows = await page.locator(".results-table tbody tr").count();
            assert.ok(rows > 0);
            await page.getByRole("link", { name: words.editor }).click();
            await page.waitForURL(/query=/);
            assert.ok((await page.inputValue("#query")).includes("/id/territorio/campania>"));
            assert.equal(await page.locator(".results-table tbody tr").count(), rows);
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("places are suggested as one writes, by keyboard alone", async () => {
            const { page, context, faults } = await open(here);
            await go(page, "/q/esperienze-per-tema-e-regione");
            await page.focus("#p-regione");
            await page.keyboard.type("campania", { delay: 40 });
            await page.locator("#p-regione-list [role=option][data-value='territorio/campania']").waitFor();
            await page.keyboard.press("ArrowDown");
            await page.keyboard.press("Enter");
            assert.equal(await page.inputValue("#p-regione"), "territorio/campania");
            assert.deepEqual(faults, []);
            await context.close();
        });

        test("terms and concepts are found as one types, and at once by their anchors", async () => {
            const { page, context, faults } = await open(here);
            await go(page, "/ontologia");
            const terms = page.locator("article.term:not([hidden])");
            const all = await terms.count();
            await page.fill("[data-filter]", language === "it" ? "costo" : "cost");
            assert.ok((await terms.count()) < all);
            assert.ok(await page.locator("#Cost").isVisible());
            await go(page, "/vocabolari/themes");
            await page.fill("[data-filter]", "micronid");
            assert.ok(await page.locator("#nidi-e-micronidi").isVisible());
            assert.ok(await page.locator("#abitare").isHidden());
            await go(page, "/vocabolari/themes#abitare");
            assert.ok(await page.locator("#abitare > details").evaluate((details) => details.open));
            assert.deepEqual(faults, []);
            await context.close();
        });
    });
}

test("the snippets run as they are", async () => {
    const { page, context } = await open(here, { javaScriptEnabled: false });
    const folder = await mkdtemp(path.join(tmpdir(), "familylab-snippets-"));
    const tricky = `${PREFIXES}SELECT ?title ("it's \\"so\\" \`\${x}\` \\\\ è" AS ?text) { ?e a fl:Experience ; dct:title ?title } LIMIT 3`;
    for (const query of [tricky, GRAPH, "ASK { ?s ?p ?o }"]) {
        await page.goto(`${here.node.address}/sparql?query=${encodeURIComponent(query)}`);
        const text = (kind) => page.locator(`[data-snippet="${kind}"]`).textContent();
        const expected = query === GRAPH ? /leads/ : query === tricky ? /it\\?'s "+so"+ `\$\{x\}` \\+ è/ : /true/;
        const write = async (name, contents) => {
            await writeFile(path.join(folder, name), contents);
            return path.join(folder, name);
        };
        const options = { cwd: folder, env: { ...process.env, PYTHONIOENCODING: "utf-8" } };
        const shell = await write("ask.sh", `${await text("sh")} --silent --show-error && cat answer.*`);
        await run("rm", ["-f", "answer.csv", "answer.txt"], options);
        assert.match((await run("bash", [shell], options)).stdout, expected, "curl");
        assert.match((await run("python3", [await write("ask.py", await text("py"))], options)).stdout, expected, "Python");
        assert.match((await run("node", [await write("ask.mjs", await text("js"))], options)).stdout, expected, "JavaScript");
        const withR = await run("Rscript", ["--version"]).then(() => true, () => false);
        if (withR) {
            assert.match((await run("Rscript", [await write("ask.R", await text("r"))], options)).stdout, /leads|it's|true/i, "R");
        } else {
            console.log("skipped: Rscript is not here, the snippet for R was not run");
        }
    }
    await rm(folder, { recursive: true });
    await context.close();
});
