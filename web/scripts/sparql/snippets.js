// The query of the moment in the snippets that the page came with, so that they can be copied and
// run as they are. The server fills the same templates in the same way.

const QUOTED = {
    // Inside a shell's single quotes only their own kind needs care.
    sh: (text) => text.replaceAll("'", "'\\''"),
    py: (text) => text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"'),
    js: (text) => text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${"),
    r: (text) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
};

/** What kind of answer a query has: SELECT, ASK, CONSTRUCT or DESCRIBE; empty while unclear. */
export function form(query) {
    const plain = query.replace(/<[^<>\s]*>|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#[^\n]*/g, " ");
    return /\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.exec(plain)?.[1].toUpperCase() ?? "";
}

/** Fills the snippets of a page. */
export function fillSnippets(scope, query) {
    const kind = form(query) === "SELECT" ? "rows" : "text";
    const accept = /CONSTRUCT|DESCRIBE/.test(form(query)) ? "text/turtle" : "text/csv";
    for (const code of scope.querySelectorAll("[data-snippet]")) {
        const template = code.dataset[kind];
        code.textContent = template.replaceAll("{accept}", accept).replace("{query}", () => QUOTED[code.dataset.snippet](query.trim()));
    }
}
