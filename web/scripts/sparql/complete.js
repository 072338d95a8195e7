// What can be written next: keywords, variables of the query, prefixes, classes and properties of
// this graph. A prefix that is not declared yet is declared along with the name.


const KEYWORDS = [
    "SELECT", "DISTINCT", "WHERE", "CONSTRUCT", "ASK", "DESCRIBE", "FROM", "NAMED", "FILTER", "OPTIONAL", "UNION", "MINUS",
    "BIND", "VALUES", "GRAPH", "SERVICE", "GROUP BY", "HAVING", "ORDER BY", "ASC", "DESC", "LIMIT", "OFFSET", "PREFIX", "BASE",
    "EXISTS", "NOT EXISTS", "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "COALESCE", "IF", "IN", "LANG",
    "LANGMATCHES", "DATATYPE", "BOUND", "STR", "STRLEN", "SUBSTR", "UCASE", "LCASE", "CONTAINS", "STRSTARTS", "STRENDS", "REGEX",
    "REPLACE", "CONCAT", "YEAR", "MONTH", "DAY", "NOW", "ROUND", "ABS", "isIRI", "isLiteral", "isBlank", "sameTerm",
];

// Where prefixes are declared: after those that are there, else at the beginning.
function declaration(doc, prefix, namespace) {
    const text = doc.toString();
    if (new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(text)) {
        return [];
    }
    let at = 0;
    for (const found of text.matchAll(/^[ \t]*PREFIX[^\n]*\n/gim)) {
        at = found.index + found[0].length;
    }
    return [{ from: at, insert: `PREFIX ${prefix}: <${namespace}>\n` }];
}

function applied(prefixes) {
    return (view, { term }, from, to) => {
        const [prefix] = term.split(":");
        const namespace = prefixes[prefix];
        const added = namespace ? declaration(view.state.doc, prefix, namespace) : [];
        const insert = term;
        const shift = added.reduce((sum, change) => sum + change.insert.length, 0);
        view.dispatch({
            changes: [...added, { from, to, insert }],
            selection: { anchor: from + shift + insert.length },
            userEvent: "input.complete",
        });
    };
}

/** A source of completions that knows the terms once they have come. */
export function complete(terms, language) {
    let known = { prefixes: {}, classes: [], properties: [] };
    let options = [];
    const format = new Intl.NumberFormat(language);
    const option = (type, boost) => (term) => ({
        label: term.term,
        displayLabel: term.term,
        detail: `${term[language] || ""}${term.count === null ? "" : ` · ${format.format(term.count)}`}`,
        type,
        boost: boost + Math.min(Math.log10((term.count ?? 0) + 1) * 5, 40),
        term: term.term,
        apply: applied(known.prefixes),
        // A word of the name finds it too: «titolo» finds dct:title.
        words: `${term.term} ${term.it} ${term.en}`.toLowerCase(),
    });
    terms.then((loaded) => {
        known = loaded;
        options = [...known.properties.map(option("property", 1)), ...known.classes.map(option("class", 0))].filter(({ term }) => !term.startsWith("<"));
    });
    return (context) => {
        const { state, pos } = context;
        const line = state.doc.lineAt(pos);
        const before = line.text.slice(0, pos - line.from);
        if (/^\s*#|^[^"']*(["'])(?:(?!\1).)*$/.test(before)) {
            return null;
        }
        const declared = /\bPREFIX\s+([\w-]*)$/i.exec(before);
        if (declared) {
            const choices = Object.entries(known.prefixes);
            return { from: pos - declared[1].length, options: choices.map(([prefix, iri]) => ({ label: `${prefix}: <${iri}>`, type: "namespace" })) };
        }
        const variable = /[?$]\w*$/.exec(before);
        if (variable) {
            const own = new Set(state.doc.toString().match(/[?$]\w+/g));
            own.delete(variable[0]);
            return { from: pos - variable[0].length, options: [...own].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
        }
        const word = /[\p{L}_][\p{L}\d_-]*(?::[\w-]*)?$/u.exec(before)?.[0] ?? "";
        if (!word && !context.explicit) {
            return null;
        }
        const typed = word.toLowerCase();
        // The nearest first: the term begins so, its local name, a word of its names, or else inside.
        const nearness = ({ term, words }) => {
            const short = term.toLowerCase();
            return short.startsWith(typed) ? 0 : short.includes(`:${typed}`) ? 1 : words.includes(` ${typed}`) ? 2 : 3;
        };
        const found = options
            .filter(({ words }) => words.includes(typed))
            .map((option) => ({ ...option, near: nearness(option) }))
            .sort((a, b) => a.near - b.near || b.boost - a.boost);
        const keywords = KEYWORDS.filter((keyword) => keyword.toLowerCase().startsWith(typed) && typed && !word.includes(":"));
        return {
            from: pos - word.length,
            // What matches by its name in a language would be dropped by a filter on the label.
            filter: false,
            options: [
                ...found.filter(({ near }) => near === 0),
                ...keywords.map((label) => ({ label, type: "keyword" })),
                ...found.filter(({ near }) => near > 0),
            ].slice(0, 100),
        };
    };
}
