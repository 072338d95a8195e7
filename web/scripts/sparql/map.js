// The rows that have coordinates as points on Italy, in the projection of its outlines.

import italy from "@svg-maps/italy";
import { html, svg, told } from "./draw.js";
import { number } from "./terms.js";

const MOST = 2000;
const NAMES = { lat: /^(lat|latitude|latitudine)$/i, long: /^(long|lon|lng|longitude|longitudine)$/i };
// How the outlines were drawn: Mercator, moved and scaled.
const [ACROSS, DOWN] = [[51.252372, -339.144503], [-2929.468016, 2736.364104]];

function project(lat, long) {
    const mercator = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    return [ACROSS[0] * long + ACROSS[1], DOWN[0] * mercator + DOWN[1]];
}

/** The places of latitude and longitude among the columns, or null. */
function coordinates({ kind, columns }) {
    const [lat, long] = [NAMES.lat, NAMES.long].map((name) => columns.findIndex((column) => name.test(column)));
    return kind === "rows" && lat >= 0 && long >= 0 ? [lat, long] : null;
}

/** Whether there is something to place. */
export function canDraw(answer) {
    const places = coordinates(answer);
    return places !== null && answer.rows.some((row) => places.every((place) => !Number.isNaN(number(row[place]))));
}

/** The map of an answer. */
export function map(answer, { words, names }) {
    const holder = html("div", { class: "drawing" });
    const note = html("p", { class: "hint" });
    return { node: html("div", {}, holder, note), ready: draw(answer, holder, note, words, names) };
}

async function draw(answer, holder, note, words, names) {
    const [lat, long] = coordinates(answer);
    const all = answer.rows
        .map((row) => ({ at: [number(row[lat]), number(row[long])], terms: row.filter((_, place) => place !== lat && place !== long) }))
        .filter(({ at }) => !at.some(Number.isNaN) && Math.abs(at[0]) < 85);
    const points = all.slice(0, MOST);
    await names.learn(points.flatMap(({ terms }) => terms));
    const drawing = svg("svg", { viewBox: italy.viewBox, class: "points", role: "group", "aria-label": told(words.map_title, { points: names.count(points.length) }) });
    for (const { path } of italy.locations) {
        drawing.append(svg("path", { d: path, class: "land", "aria-hidden": "true" }));
    }
    for (const { at, terms } of points) {
        const [x, y] = project(...at);
        const label = terms.map((term) => names.text(term)).filter(Boolean).slice(0, 3).join(" · ");
        const link = terms.find((term) => term?.kind === "iri");
        const page = link && names.of(link.value).page;
        const circle = svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: points.length > 200 ? 4 : 7, class: "point" }, svg("title", {}, label));
        drawing.append(page ? svg("a", { href: page, "aria-label": label }, circle) : circle);
    }
    holder.replaceChildren(drawing);
    note.textContent = points.length < all.length ? told(words.map_first, { shown: names.count(points.length), all: names.count(all.length) }) : words.same_in_table;
}
