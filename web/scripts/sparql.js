// The SPARQL page with scripts: an editor in the place of the text area, answers without leaving
// the page, several ways to see them. What it adds, the page does without scripts as well.

import { MOST, ask, check, plan, shorten } from "./sparql/ask.js";
import { html, told } from "./sparql/draw.js";
import { namesFor } from "./sparql/names.js";
import { fillSnippets, form as formOf } from "./sparql/snippets.js";
import { table } from "./sparql/table.js";

const PAUSE = 600;
const settings = JSON.parse(document.getElementById("impostazioni").textContent);
const { words, endpoint, language } = settings;
const form = document.getElementById("domanda");
const area = form.elements.query;
const find = (name) => document.querySelector(`[data-${name}]`);
const [status, answerBox, viewBox, viewsBox, downloads, shortBox] = ["status", "answer", "view", "views", "downloads", "short"].map(find);
const [runButton, cancelButton] = [find("run"), find("cancel")];
const title = document.getElementById("risposta-titolo");

let prefixes = {};
const terms = fetch(`${endpoint}/terms`).then((response) => response.json());
terms.then((loaded) => (prefixes = loaded.prefixes)).catch(() => {});
const names = namesFor(endpoint, language, () => prefixes);
let running = null;
let editing = null;

const query = () => editing?.text ?? area.value;

function show(heading, ...nodes) {
    title.textContent = heading;
    answerBox.hidden = false;
    viewsBox.replaceChildren();
    viewBox.replaceChildren(...nodes);
}

function problemText(problem) {
    if (problem.name === "AbortError") {
        return words.stopped;
    }
    if (problem instanceof TypeError) {
        return words.problem_network;
    }
    if (problem.line) {
        const text = problem.reason ? words.problem_reason : problem.found ? words.problem_at : words.problem_end;
        return told(text, problem);
    }
    return problem.status === 503 ? words.problem_time : words.problem_other;
}

function showProblem(problem) {
    const text = problemText(problem);
    const box = html("div", { class: "notice", role: "alert", id: "problema" }, html("p", {}, text));
    if (problem.line) {
        editing?.mark({ ...place(problem), message: text });
        box.append(html("p", {}, html("button", { type: "button", class: "second", onclick: () => editing?.go(place(problem)) }, words.problem_go)));
    }
    if (problem.name !== "AbortError" && problem.message) {
        box.append(html("details", {}, html("summary", {}, words.detail), html("p", { lang: "en" }, html("code", {}, problem.message))));
    }
    show(words.problem, box);
    downloads.hidden = true;
}

const place = ({ line, column }) => ({ line, column });

// One thing at a time: a new question stops the one before.
async function busy(work) {
    running?.abort();
    const own = new AbortController();
    running = own;
    runButton.disabled = true;
    cancelButton.hidden = false;
    answerBox.setAttribute("aria-busy", "true");
    status.textContent = words.running;
    try {
        await work(own.signal);
        editing?.mark(null);
        if (running === own) {
            status.textContent = "";
        }
    } catch (problem) {
        if (running === own) {
            status.textContent = problemText(problem);
            showProblem(problem);
        }
    } finally {
        if (running === own) {
            running = null;
            runButton.disabled = false;
            cancelButton.hidden = true;
            answerBox.removeAttribute("aria-busy");
        }
    }
}

function counted(answer) {
    const isGraph = answer.kind === "graph";
    if (!answer.whole) {
        return told(isGraph ? words.more_triples : words.more_rows, { rows: names.count(MOST) });
    }
    if (answer.rows.length === 1) {
        return isGraph ? words.one_triple : words.one_row;
    }
    return told(isGraph ? words.triples : words.rows, { rows: names.count(answer.rows.length) });
}

async function showAnswer(answer) {
    const took = html("span", { class: "count" }, told(words.took, { seconds: names.count(Math.round(answer.seconds * 1000) / 1000) }));
    if (answer.kind === "truth") {
        show(words.result, html("p", { class: "answer-count" }, html("strong", {}, answer.truth ? words.yes : words.no), " ", took));
        return;
    }
    const head = html("p", { class: "answer-count" }, html("strong", {}, counted(answer)), " ", took);
    const cut = answer.whole ? null : html("p", { class: "note" }, told(words.cut, { rows: names.count(answer.rows.length) }));
    if (answer.rows.length === 0) {
        show(words.result, head, html("p", {}, words.none));
        return;
    }
    const holder = html("div", { id: "vista" });
    show(words.result, ...[head, cut, holder].filter(Boolean));
    await views(answer, holder);
}

// The ways to see an answer as tabs; the table is always one of them.
async function views(answer, holder) {
    const [{ canDraw: canChart, chart }, { canDraw: canMap, map }, { canDraw: canGraph, graph }] = await Promise.all([
        import("./sparql/chart.js"),
        import("./sparql/map.js"),
        import("./sparql/graph.js"),
    ]);
    const caption = `${words.result}: ${counted(answer)}`;
    const ways = [
        ["table", () => table(answer, { words, names, caption })],
        canChart(answer) && ["chart", () => chart(answer, { words, names })],
        canMap(answer) && ["map", () => map(answer, { words, names })],
        canGraph(answer) && ["graph", () => graph(answer, { words, names })],
    ].filter(Boolean);
    const choose = async (chosen) => {
        for (const tab of viewsBox.querySelectorAll("[role=tab]")) {
            const isChosen = tab.dataset.way === chosen;
            tab.setAttribute("aria-selected", isChosen);
            tab.tabIndex = isChosen ? 0 : -1;
        }
        const { node, ready } = ways.find(([way]) => way === chosen)[1]();
        holder.replaceChildren(node);
        if (ways.length > 1) {
            holder.setAttribute("aria-labelledby", `vista-${chosen}`);
        }
        await ready;
    };
    if (ways.length > 1) {
        holder.setAttribute("role", "tabpanel");
        const tabs = ways.map(([way]) =>
            html("button", { type: "button", role: "tab", id: `vista-${way}`, "aria-controls": "vista", "data-way": way, onclick: () => choose(way) }, words[way]),
        );
        const list = html("div", { class: "tabs", role: "tablist", "aria-label": words.views }, ...tabs);
        // Arrows go from tab to tab, as everywhere. WAI-ARIA Authoring Practices, Tabs.
        list.addEventListener("keydown", (event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (step) {
                const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
                next.focus();
                next.click();
                event.preventDefault();
            }
        });
        viewsBox.replaceChildren(list);
    }
    await choose("table");
}

function showPlan(told_) {
    const limit = Math.max(...told_.steps.map(({ seconds }) => seconds), Number.EPSILON);
    const text = told(told_.complete ? words.plan_whole : words.plan_broken, {
        rows: names.count(told_.rows),
        seconds: names.count(Math.round(told_.seconds * 1000) / 1000),
        planning: names.count(Math.round(told_.planning_seconds * 1000) / 1000),
    });
    const head = [words.plan_step, words.plan_rows, words.plan_time, words.plan_share];
    const rows = told_.steps.map((step) => {
        const share = Math.round((step.seconds / limit) * 100);
        return html(
            "tr",
            {},
            html("td", { class: `level-${Math.min(step.level, 12)}` }, html("code", { lang: "en" }, step.operation)),
            html("td", { class: "number" }, names.count(step.rows)),
            html("td", { class: "number" }, names.count(Math.round(step.seconds * 100000) / 100)),
            html("td", {}, html("meter", { min: 0, max: 100, value: share, "aria-label": words.plan_share }), ` ${share} %`),
        );
    });
    const drawn = html(
        "table",
        { class: "results-table plan" },
        html("caption", { class: "hidden-visually" }, words.plan),
        html("thead", {}, html("tr", {}, ...head.map((name, at) => html("th", { scope: "col", class: at === 1 || at === 2 ? "number" : null }, name)))),
        html("tbody", {}, ...rows),
    );
    show(words.plan, html("p", {}, text), html("p", { class: "hint" }, words.plan_hint), html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.plan }, drawn));
}

function remember(parameters) {
    const address = `${settings.page}?${new URLSearchParams(parameters)}`;
    // An address has its limits; a long question is shared by its short one.
    if (address.length < 8000) {
        history.replaceState(null, "", address);
    }
    shortBox.replaceChildren();
}

function run() {
    const text = query();
    remember({ query: text });
    return busy(async (signal) => {
        const answer = await ask(endpoint, text, { signal, onRows: (rows) => (status.textContent = told(words.read, { rows: names.count(rows) })) });
        await showAnswer(answer);
        offer(text);
        status.textContent = answer.kind === "truth" ? (answer.truth ? words.yes : words.no) : counted(answer);
        answerBox.scrollIntoView({ block: "nearest" });
    });
}

// The files that hold the whole answer, in the formats of its kind.
function offer(text) {
    const isGraph = /CONSTRUCT|DESCRIBE/.test(formOf(text));
    const formats = isGraph ? { ttl: "Turtle", nt: "N-Triples", rdf: "RDF/XML", jsonld: "JSON-LD" } : { json: "JSON", xml: "XML", csv: "CSV", tsv: "TSV" };
    downloads.elements.query.value = text;
    for (const button of downloads.querySelectorAll("button")) {
        button.remove();
    }
    downloads.querySelector("fieldset").append(...Object.entries(formats).map(([value, label]) => html("button", { class: "second", name: "format", value }, label)));
    downloads.hidden = false;
}

async function makeShort() {
    try {
        const { address } = await shorten(endpoint, query());
        const state = html("span", { role: "status" });
        const copy = html("button", { type: "button", class: "second", onclick: async () => {
            await navigator.clipboard?.writeText(address).catch(() => {});
            state.textContent = ` ${words.copied}`;
        } }, words.copy);
        const link = html("a", { href: address }, address);
        shortBox.replaceChildren(html("p", { class: "note" }, `${words.short}: `, link, " ", navigator.clipboard ? copy : "", state));
        link.focus();
    } catch (problem) {
        showProblem(problem);
        status.textContent = problemText(problem);
    }
}

form.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (button?.hasAttribute("data-shorten")) {
        makeShort();
    } else if (button?.hasAttribute("data-explain")) {
        remember({ query: query(), explain: "true" });
        busy(async (signal) => {
            showPlan(await plan(endpoint, query(), signal));
            answerBox.scrollIntoView({ block: "nearest" });
        });
    } else {
        run();
    }
});
cancelButton.addEventListener("click", () => running?.abort());

// Errors show where they are, once the writer pauses.
let waiting = null;
let checking = null;
function changed() {
    fillSnippets(document, query());
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
        checking?.abort();
        checking = new AbortController();
        try {
            const problem = query().trim() ? await check(endpoint, query(), checking.signal) : null;
            editing?.mark(problem?.line ? { ...place(problem), message: problemText(problem) } : null);
        } catch {
            // Stopped by a newer one, or no connection: running will tell.
        }
    }, PAUSE);
}

const { editor } = await import("./sparql/editor.js");
editing = editor(area, {
    label: words.query,
    describedBy: words.hint,
    terms: terms.catch(() => ({ prefixes: {}, classes: [], properties: [] })),
    language,
    phrases: { Completions: words.editor_completions },
    onRun: run,
    onChange: changed,
});
document.querySelector(`label[for="${area.id}"]`).addEventListener("click", (event) => {
    event.preventDefault();
    editing.focus();
});
if (document.getElementById("problema")) {
    changed();
}
