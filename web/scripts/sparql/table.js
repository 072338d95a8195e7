// The rows as a table, a page at a time.

import { html, told } from "./draw.js";

const PAGE = 100;

/** A term as a reader meets it: an IRI is a link with its name. */
export function cell(term, names) {
    if (!term) {
        return document.createTextNode("");
    }
    if (term.kind === "iri") {
        const name = names.of(term.value);
        const outside = !name.page;
        const href = name.page ?? (/^https?:/.test(term.value) ? term.value : null);
        if (!href) {
            return html("code", {}, term.value);
        }
        return html("a", { href, title: term.value, lang: name.lang, rel: outside ? "external noopener" : null }, name.text);
    }
    if (term.kind === "blank") {
        return html("code", {}, term.value);
    }
    return html("span", { lang: term.language ?? null }, names.format(term));
}

/** The table of an answer, with the buttons that turn its pages. */
export function table(answer, { words, names, caption }) {
    const holder = html("div", { class: "sparql-table" });
    const body = html("tbody");
    const isNumber = answer.columns.map((_, place) => {
        const filled = answer.rows.slice(0, 50).map((row) => row?.[place]).filter(Boolean);
        return filled.length > 0 && filled.every((term) => names.isNumber(term));
    });
    const head = answer.columns.map((name, place) => html("th", { scope: "col", class: isNumber[place] ? "number" : null }, name));
    const scroll = html(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
        html("table", { class: "results-table" }, html("caption", { class: "hidden-visually" }, caption), html("thead", {}, html("tr", {}, ...head)), body),
    );
    const pages = Math.max(1, Math.ceil(answer.rows.length / PAGE));
    const place = html("span", { role: "status" });
    let page = 0;
    const turn = (label, by) => html("button", { type: "button", class: "second", onclick: () => show(page + by) }, label);
    const [back, on] = [turn(words.previous, -1), turn(words.next, 1)];
    async function show(wanted) {
        page = Math.min(Math.max(wanted, 0), pages - 1);
        const rows = answer.rows.slice(page * PAGE, (page + 1) * PAGE);
        await names.learn(rows.flat());
        body.replaceChildren(
            ...rows.map((row) => html("tr", {}, ...(row ?? []).map((term, place) => html("td", { class: isNumber[place] ? "number" : null }, cell(term, names))))),
        );
        place.textContent = told(words.page_of, { page: names.count(page + 1), pages: names.count(pages) });
        back.disabled = page === 0;
        on.disabled = page === pages - 1;
    }
    const ready = show(0);
    holder.append(scroll);
    if (pages > 1) {
        holder.append(html("nav", { class: "sparql-pages", "aria-label": words.pages }, back, place, on));
    }
    return { node: holder, ready };
}
