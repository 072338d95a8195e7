// Opens pages of a node in Debian's Chromium and takes down what they must never do.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { start } from "./node.mjs";

const require = createRequire(import.meta.url);
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

/** How long a step may take, in milliseconds. */
const PATIENCE = 120_000;

/** The rules of WCAG 2.0 A to 2.2 AA, and nothing else. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/** A node and a browser for the tests of a file; they are there once the first test begins. */
export function site(begin = start) {
    const site = { node: undefined, browser: undefined };
    before(async () => {
        site.node = await begin();
        const executablePath = process.env.FAMILYLAB_CHROMIUM ?? "/usr/bin/chromium";
        site.browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    });
    after(async () => {
        await site.browser?.close();
        await site.node?.stop();
    });
    return site;
}

/** A page that remembers errors, and requests to other hosts. */
export async function open({ browser, node: { address } }, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    // A machine with much else to do is no fault of the page.
    context.setDefaultTimeout(PATIENCE);
    context.setDefaultNavigationTimeout(PATIENCE);
    const page = await context.newPage();
    const faults = [];
    page.on("console", (message) => {
        const refused = /status of (400|404|410|422)/.test(message.text()) && options.expectsErrors;
        if (["error", "warning"].includes(message.type()) && !refused) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(address) && !url.startsWith("data:")) faults.push(`asks another host: ${url}`);
    });
    return { page, context, faults };
}

/** What axe finds against the rules, in lines. */
export async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate((tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }), RULES);
    return found.violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1] ?? ""}`),
    );
}

/** Whether the page can be scrolled sideways. */
export function overflows(page) {
    return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
