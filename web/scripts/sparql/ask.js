// Asks the endpoint and reads the answer line by line as it comes, so that a large one is never
// held whole: what goes beyond the page is left to a download.

import { term, triple } from "./terms.js";

/** So many rows are kept for the page. */
export const MOST = 10_000;
const CHARACTERS = 24_000_000;

/** An answer that is a problem: RFC 9457. */
export class Problem extends Error {
    constructor(detail, { status, line, column, found, reason } = {}) {
        super(detail);
        Object.assign(this, { status, line, column, found, reason });
    }
}

async function problem(response) {
    try {
        const told = await response.json();
        return new Problem(told.detail ?? response.statusText, told);
    } catch {
        return new Problem(`${response.status} ${response.statusText}`, { status: response.status });
    }
}

function post(endpoint, body, accept, signal) {
    return fetch(endpoint, { method: "POST", headers: { Accept: accept }, body: new URLSearchParams(body), signal });
}

async function* lines(response) {
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let held = "";
    try {
        for (;;) {
            const { done, value } = await reader.read();
            held += decoder.decode(value, { stream: !done });
            const parts = held.split("\n");
            held = parts.pop();
            yield* parts;
            if (done) {
                if (held) {
                    yield held;
                }
                return;
            }
        }
    } finally {
        // Who stops reading early stops the evaluation too.
        await reader.cancel().catch(() => {});
    }
}

/** The rows of an answer: `{ kind, columns, rows, whole, seconds }`. */
export async function ask(endpoint, query, { signal, onRows } = {}) {
    const start = performance.now();
    const response = await post(endpoint, { query }, "text/tab-separated-values, application/n-triples", signal);
    if (!response.ok) {
        throw await problem(response);
    }
    const isGraph = response.headers.get("Content-Type")?.includes("n-triples") ?? false;
    const answer = { kind: isGraph ? "graph" : "rows", columns: isGraph ? ["subject", "predicate", "object"] : null, rows: [], whole: true };
    let size = 0;
    for await (const raw of lines(response)) {
        const line = raw.replace(/\r$/, "");
        size += line.length;
        if (!answer.columns) {
            if (line === "true" || line === "false") {
                Object.assign(answer, { kind: "truth", truth: line === "true", columns: [] });
                break;
            }
            answer.columns = line === "" ? [] : line.split("\t").map((name) => name.replace(/^[?$]/, ""));
            continue;
        }
        if (isGraph && line.trim() === "") {
            continue;
        }
        if (answer.rows.length === MOST || size > CHARACTERS) {
            answer.whole = false;
            break;
        }
        answer.rows.push(isGraph ? triple(line) : answer.columns.length ? line.split("\t").map(term) : []);
        if (onRows && answer.rows.length % 1000 === 0) {
            onRows(answer.rows.length);
        }
    }
    answer.columns ??= [];
    answer.seconds = (performance.now() - start) / 1000;
    return answer;
}

/** How a query is evaluated. */
export async function plan(endpoint, query, signal) {
    const response = await post(endpoint, { query, explain: "true", format: "json" }, "application/json", signal);
    if (!response.ok) {
        throw await problem(response);
    }
    return response.json();
}

/** A short address for a query. */
export async function shorten(endpoint, query) {
    const response = await post(`${endpoint}/link`, { query }, "application/json");
    if (!response.ok) {
        throw await problem(response);
    }
    return response.json();
}

/** What resources are called: `{ iri: { text, lang, page } }`. */
export async function labels(endpoint, language, iris) {
    const response = await fetch(`${endpoint}/labels?lang=${language}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(iris),
    });
    return response.ok ? response.json() : {};
}

/** Where a query is wrong, without running it: null where it is right. */
export async function check(endpoint, query, signal) {
    const response = await post(`${endpoint}/check`, { query }, "application/json", signal);
    const { valid, problem: told } = response.ok ? await response.json() : { valid: true };
    return valid ? null : new Problem(told.detail, told);
}
