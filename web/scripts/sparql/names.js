// What things are called, asked of the node once for each.

import { labels } from "./ask.js";
import { number, shortName } from "./terms.js";

const MOST = 500;

/** The names of an answer, for a reader. */
export function namesFor(endpoint, language, prefixes) {
    const known = new Map();
    const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
    const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    return {
        /** Learns the names of all IRIs among some terms. */
        async learn(terms) {
            const iris = new Set(terms.filter((term) => term?.kind === "iri" && !known.has(term.value)).map((term) => term.value));
            const list = [...iris];
            for (let at = 0; at < list.length; at += MOST) {
                const told = await labels(endpoint, language, list.slice(at, at + MOST)).catch(() => ({}));
                for (const [iri, name] of Object.entries(told)) {
                    known.set(iri, { ...name, lang: name.lang && name.lang !== language ? name.lang : null });
                }
            }
        },
        of: (iri) => known.get(iri) ?? { text: shortName(iri, prefixes()) },
        isNumber: (term) => !Number.isNaN(number(term)) && !/gYear/.test(term.datatype ?? ""),
        count: (value) => numbers.format(value),
        /** A moment by its day or its month, by how long the time is that it is part of. */
        moment(at, span) {
            const format = span < 120 * 86_400_000 ? { day: "numeric", month: "short" } : { month: "short", year: "numeric" };
            return new Intl.DateTimeFormat(language, { ...format, timeZone: "UTC" }).format(new Date(at));
        },
        /** A literal in the reader's way. */
        format(term) {
            const value = number(term);
            if (!Number.isNaN(value) && term.datatype && Math.abs(value) < 1e15) {
                return numbers.format(value);
            }
            if (/#date$/.test(term.datatype ?? "") && /^\d{4}-\d\d-\d\d$/.test(term.value)) {
                return days.format(new Date(`${term.value}T00:00:00Z`));
            }
            return term.value;
        },
        /** Any term as a plain text. */
        text(term) {
            return !term ? "" : term.kind === "iri" ? this.of(term.value).text : term.kind === "blank" ? term.value : this.format(term);
        },
    };
}
