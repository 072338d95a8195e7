// RDF terms as TSV results and N-Triples spell them. SPARQL 1.1 Query Results CSV and TSV Formats,
// section 4; RDF 1.1 N-Triples, section 2.

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((name) => XSD + name));
const ESCAPES = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", '"': '"', "'": "'", "\\": "\\" };

function unescaped(text) {
    if (!text.includes("\\")) {
        return text;
    }
    return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (all, short, long, letter) =>
        letter ? (ESCAPES[letter] ?? all) : String.fromCodePoint(parseInt(short ?? long, 16)),
    );
}

/** A term, or null where there is none. */
export function term(text) {
    if (text === "") {
        return null;
    }
    if (text[0] === "<") {
        return { kind: "iri", value: unescaped(text.slice(1, -1)) };
    }
    if (text.startsWith("_:")) {
        return { kind: "blank", value: text };
    }
    if (text[0] === '"') {
        const end = text.lastIndexOf('"');
        const value = unescaped(text.slice(1, end));
        const rest = text.slice(end + 1);
        if (rest[0] === "@") {
            return { kind: "text", value, language: rest.slice(1) };
        }
        const datatype = rest.startsWith("^^<") ? rest.slice(3, -1) : "";
        return { kind: "text", value, datatype };
    }
    // TSV writes numbers and truth values bare, as Turtle does.
    const datatype = XSD + (/^[+-]?\d+$/.test(text) ? "integer" : /^(true|false)$/.test(text) ? "boolean" : "decimal");
    return { kind: "text", value: text, datatype };
}

/** The subject, predicate and object of a line of N-Triples. */
export function triple(line) {
    const parts = /^(<[^>]*>|_:\S+)\s+(<[^>]*>)\s+(.*?)\s*\.\s*$/.exec(line);
    return parts && parts.slice(1).map(term);
}

/** What a term is worth as a number, or NaN. */
export function number(value) {
    if (value?.kind !== "text" || value.language || value.value.trim() === "") {
        return NaN;
    }
    return !value.datatype || NUMBERS.has(value.datatype) ? Number(value.value) : NaN;
}

/** Whether a term is a day, a moment or a year. */
export function isTime(value) {
    return value?.kind === "text" && /#(date|dateTime|gYear|gYearMonth)$/.test(value.datatype ?? "");
}

/** A short name for an IRI, for as long as its name is not known. */
export function shortName(iri, prefixes) {
    for (const [prefix, namespace] of Object.entries(prefixes ?? {})) {
        const name = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
        if (name && !name.includes("/")) {
            return `${prefix}:${name}`;
        }
    }
    const end = iri.replace(/\/+$/, "").split(/[#/]/).pop();
    try {
        return decodeURIComponent(end) || iri;
    } catch {
        return end || iri;
    }
}
