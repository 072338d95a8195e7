// The rows as bars, or as a line where they go on in time: one column names, another counts.

import { cut, html, svg, told } from "./draw.js";
import { isTime, number } from "./terms.js";

const MOST = 40;
const [WIDTH, LEFT, RIGHT, ROW] = [760, 240, 90, 26];

/** The columns that can be drawn: `{ names, numbers }`, as places. */
export function drawable({ columns, rows }) {
    const places = columns.map((_, place) => place);
    const filled = (place) => rows.slice(0, 200).map((row) => row?.[place]).filter(Boolean);
    const isNumber = (place) => filled(place).length > 0 && filled(place).every((term) => !Number.isNaN(number(term)));
    const numbers = places.filter(isNumber);
    const names = places.filter((place) => filled(place).length > 0);
    return { names, numbers };
}

/** Whether a chart makes sense. */
export function canDraw(answer) {
    const { names, numbers } = drawable(answer);
    return answer.kind === "rows" && answer.rows.length > 0 && numbers.length > 0 && names.length > 1;
}

/** A chart with the choice of its columns. */
export function chart(answer, { words, names }) {
    const { names: named, numbers } = drawable(answer);
    const option = (place) => html("option", { value: place }, answer.columns[place]);
    const texts = named.filter((place) => !numbers.includes(place));
    const first = texts[0] ?? named.find((place) => place !== numbers[0]);
    const pick = (id, label, places, chosen) => {
        const select = html("select", { id, class: "choice" }, ...places.map(option));
        select.value = String(chosen);
        select.addEventListener("change", draw);
        return [select, html("div", { class: "choice-field" }, html("label", { for: id }, label), select)];
    };
    const [across, acrossField] = pick("chart-names", words.chart_names, named, first);
    const [value, valueField] = pick("chart-values", words.chart_values, numbers, numbers.find((place) => place !== first) ?? numbers[0]);
    const holder = html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.chart });
    const note = html("p", { class: "hint" });
    async function draw() {
        const [x, y] = [Number(across.value), Number(value.value)];
        const points = answer.rows.map((row) => ({ term: row[x], value: number(row[y]) })).filter((point) => point.term && !Number.isNaN(point.value));
        const inTime = points.length > 1 && points.every((point) => isTime(point.term));
        const shown = inTime ? points : points.slice(0, MOST);
        await names.learn(shown.map((point) => point.term));
        const title = told(words.chart_title, { values: answer.columns[y], names: answer.columns[x] });
        holder.replaceChildren(inTime ? line(shown, names, title) : bars(shown, names, title));
        note.textContent = shown.length < points.length ? told(words.chart_first, { shown: names.count(shown.length), all: names.count(points.length) }) : words.same_in_table;
    }
    return { node: html("div", {}, html("div", { class: "fields" }, acrossField, valueField), holder, note), ready: draw() };
}

function bars(points, names, title) {
    const top = Math.max(...points.map((point) => point.value), 0);
    const bottom = Math.min(...points.map((point) => point.value), 0);
    const scale = (WIDTH - LEFT - RIGHT) / (top - bottom || 1);
    const zero = LEFT - bottom * scale;
    const height = points.length * ROW + 10;
    const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title, class: "chart" });
    points.forEach((point, place) => {
        const y = place * ROW + 5;
        const width = Math.abs(point.value) * scale;
        const name = names.text(point.term);
        drawing.append(
            svg("text", { x: LEFT - 8, y: y + 15, "text-anchor": "end", class: "name" }, cut(name, 34), svg("title", {}, name)),
            svg("rect", { x: point.value < 0 ? zero - width : zero, y, width: Math.max(width, 1), height: ROW - 8, class: "bar" }),
            svg("text", { x: Math.max(zero, zero + point.value * scale) + 6, y: y + 15, class: "value" }, names.count(point.value)),
        );
    });
    return drawing;
}

function line(points, names, title) {
    const when = (term) => new Date(term.value.length === 4 ? `${term.value}-01-01` : term.value).getTime();
    const sorted = points.map((point) => ({ ...point, at: when(point.term) })).filter((point) => !Number.isNaN(point.at)).sort((a, b) => a.at - b.at);
    const [height, left, low] = [320, 90, 280];
    const [from, to] = [sorted[0].at, sorted[sorted.length - 1].at];
    const top = Math.max(...sorted.map((point) => point.value), 0);
    const bottom = Math.min(...sorted.map((point) => point.value), 0);
    const x = (at) => left + ((at - from) / (to - from || 1)) * (WIDTH - left - 40);
    const y = (value) => low - ((value - bottom) / (top - bottom || 1)) * (low - 20);
    const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title, class: "chart" });
    for (const value of [bottom, (top + bottom) / 2, top]) {
        drawing.append(
            svg("line", { x1: left, x2: WIDTH - 40, y1: y(value), y2: y(value), class: "grid" }),
            svg("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end", class: "value" }, names.count(value)),
        );
    }
    drawing.append(svg("path", { d: `M${sorted.map((point) => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`).join("L")}`, class: "line" }));
    const isYears = sorted.every((point) => point.term.value.length === 4);
    for (const part of [0, 0.25, 0.5, 0.75, 1]) {
        const at = from + part * (to - from);
        const anchor = part === 0 ? "start" : part === 1 ? "end" : "middle";
        const text = isYears ? String(new Date(at).getUTCFullYear()) : names.moment(at, to - from);
        drawing.append(svg("text", { x: x(at), y: low + 24, "text-anchor": anchor, class: "value" }, text));
    }
    sorted.forEach((point) => {
        drawing.append(svg("circle", { cx: x(point.at), cy: y(point.value), r: 4, class: "dot" }, svg("title", {}, `${names.text(point.term)}: ${names.count(point.value)}`)));
    });
    return drawing;
}
