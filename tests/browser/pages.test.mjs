// Every template, in both languages, on a desk and on a phone: what must be true of each page.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { open, overflows, site, violations } from "./browser.mjs";
import { startWithPeers } from "./node.mjs";
import { ERRORS, EXPERIENCE, PAGES, at } from "./pages.mjs";

const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };

/** Zooms that WCAG asks for, as how many times larger everything is: 2.2, criteria 1.4.4 and 1.4.10. */
const ZOOMS = { 200: 2, 400: 4 };

const here = site(startWithPeers);

/** The address of a page of the node in a language. */
function whole(language, path) {
    return here.node.address + at(language, path).replace("NODE", encodeURIComponent(here.node.address));
}

/** Goes through pages in one browser context and gathers what is wrong with each. */
async function look(language, options, paths, check) {
    const { page, context, faults } = await open(here, options);
    const wrong = [];
    for (const address of paths) {
        faults.length = 0;
        const answer = await page.goto(whole(language, address), { waitUntil: "load" });
        const found = await check(page, answer, address);
        wrong.push(...[...found, ...faults].map((fault) => `${at(language, address)}: ${fault}`));
    }
    const cookies = await context.cookies();
    wrong.push(...cookies.map((cookie) => `cookie ${cookie.name}`));
    await context.close();
    assert.equal(wrong.length, 0, `\n${wrong.join("\n")}`);
}

async function common(page, answer, language, status) {
    const wrong = [];
    if (!status.includes(answer.status())) wrong.push(`status ${answer.status()}`);
    const state = await page.evaluate(() => ({
        lang: document.documentElement.lang,
        headings: document.querySelectorAll("h1").length,
        title: document.title,
        description: document.querySelector('meta[name="description"]')?.content ?? "",
        alternates: [...document.querySelectorAll('link[rel="alternate"][hreflang]')].map((link) => link.hreflang).join(" "),
        hidden: Boolean(document.querySelector('meta[name="robots"][content="noindex"]')),
        linked: document.querySelector('script[type="application/ld+json"]')?.textContent ?? "",
        styled: getComputedStyle(document.querySelector(".top")).backgroundColor,
    }));
    if (state.lang !== language) wrong.push(`speaks ${state.lang}`);
    if (state.headings !== 1) wrong.push(`${state.headings} first headings`);
    if (!state.title || !state.description) wrong.push("no title or description");
    if (!state.hidden && state.alternates !== "it en x-default") wrong.push(`alternates: ${state.alternates}`);
    if (state.styled === "rgba(0, 0, 0, 0)") wrong.push("no style");
    JSON.parse(state.linked);
    return wrong;
}

describe("every page", () => {
    for (const language of ["it", "en"]) {
        for (const [name, viewport] of Object.entries(SIZES)) {
            test(`in ${language} at a ${name} breaks no rule of WCAG, asks no other host, keeps no cookie`, async () => {
                await look(language, { viewport, reducedMotion: "reduce" }, PAGES, async (page, answer) => {
                    const wrong = await common(page, answer, language, [200]);
                    if (await overflows(page)) wrong.push("scrolls sideways");
                    return [...wrong, ...(await violations(page))];
                });
            });
        }

        test(`in ${language} begins with the skip link, and it leads to the content`, async () => {
            await look(language, {}, PAGES, async (page) => {
                await page.keyboard.press("Tab");
                const first = await page.evaluate(() => {
                    const box = document.activeElement.getBoundingClientRect();
                    return { href: document.activeElement.getAttribute("href"), seen: box.top >= 0 && box.height > 20 };
                });
                if (first.href !== "#contenuto" || !first.seen) return [`the first stop is ${JSON.stringify(first)}`];
                await page.keyboard.press("Enter");
                const place = await page.evaluate(() => document.activeElement.id);
                return place === "contenuto" ? [] : [`the skip link leads to ${place}`];
            });
        });

        for (const [percent, scale] of Object.entries(ZOOMS)) {
            test(`in ${language} fits a desk at ${percent} per cent`, async () => {
                // To a page, zoom is a smaller window of finer pixels.
                const viewport = { width: SIZES.desk.width / scale, height: SIZES.desk.height / scale };
                await look(language, { viewport, deviceScaleFactor: scale }, PAGES, async (page) =>
                    (await overflows(page)) ? ["scrolls sideways"] : [],
                );
            });
        }

        test(`in ${language} has its content without scripts`, async () => {
            await look(language, { javaScriptEnabled: false }, PAGES, async (page, answer) => {
                const text = await page.textContent("main");
                return answer.status() === 200 && text.trim().length > 100 ? [] : ["is empty"];
            });
        });

        test(`in ${language} that tells of an error helps`, async () => {
            await look(language, { expectsErrors: true }, ERRORS, async (page, answer) => {
                const wrong = await common(page, answer, language, [400, 404]);
                if (!(await page.$('main form[role="search"]'))) wrong.push("offers no search");
                return [...wrong, ...(await violations(page))];
            });
        });
    }

    test("shows where the focus is, all the way through", async () => {
        await look("it", {}, ["/", "/esperienze", EXPERIENCE], async (page) => {
            const wrong = [];
            for (let stop = 0; stop < 60; stop += 1) {
                await page.keyboard.press("Tab");
                const hidden = await page.evaluate(() => {
                    const at = document.activeElement;
                    if (!at || at === document.body) return null;
                    const { outlineStyle, outlineWidth } = getComputedStyle(at);
                    const inside = at.querySelector("path, circle, rect");
                    const drawn = inside && getComputedStyle(inside).stroke !== "none";
                    const shown = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || drawn;
                    return shown ? null : at.outerHTML.slice(0, 120);
                });
                if (hidden) wrong.push(`no focus to be seen: ${hidden}`);
            }
            return wrong;
        });
    });

    test("is valid HTML", async () => {
        const folder = await mkdtemp(path.join(tmpdir(), "familylab-html-"));
        const names = new Map();
        for (const language of ["it", "en"]) {
            for (const address of [...PAGES, ...ERRORS]) {
                const answer = await fetch(whole(language, address), { headers: { Accept: "text/html" } });
                const file = path.join(folder, `${names.size}.html`);
                names.set(`${names.size}.html`, at(language, address));
                await writeFile(file, await answer.text());
            }
        }
        const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
        const said = await new Promise((resolve) => {
            const options = { maxBuffer: 64 << 20 };
            execFile("java", ["-Xss4m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", folder], options, (error, out, told) => {
                resolve(error ? `{"messages":[{"type":"error","message":${JSON.stringify(String(error) + told)}}]}` : out || told);
            });
        });
        await rm(folder, { recursive: true });
        const messages = JSON.parse(said).messages.filter(({ type }) => type === "error" || type === "non-document-error");
        const where = new Map();
        for (const { url, message, extract } of messages) {
            const pages = where.get(message) ?? [];
            where.set(message, [...pages, `${names.get(path.basename(url ?? ""))} ${extract ?? ""}`]);
        }
        const lines = [...where].map(([message, pages]) => `${message} (${pages.length} times, first in ${pages[0]})`);
        assert.equal(lines.length, 0, `\n${lines.join("\n")}`);
    });
});
