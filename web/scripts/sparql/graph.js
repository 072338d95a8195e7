// The triples of a CONSTRUCT as a drawing of nodes and arrows; values are left to the table.

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { cut, html, svg, told } from "./draw.js";

const MOST = 120;
const [WIDTH, HEIGHT] = [760, 520];

/** The arrows of an answer: triples whose object is a resource. */
function arrows({ rows }) {
    return rows.filter((row) => row && row[2] && row[2].kind !== "text");
}

/** Whether there is something to draw. */
export function canDraw(answer) {
    return answer.kind === "graph" && arrows(answer).length > 0;
}

/** The drawing of an answer. */
export function graph(answer, { words, names }) {
    const holder = html("div", { class: "drawing" });
    const note = html("p", { class: "hint" });
    return { node: html("div", {}, holder, note), ready: draw(answer, holder, note, words, names) };
}

async function draw(answer, holder, note, words, names) {
    const nodes = new Map();
    const links = [];
    let left = 0;
    for (const [subject, predicate, object] of arrows(answer)) {
        const fresh = new Set([subject.value, object.value].filter((id) => !nodes.has(id))).size;
        if (nodes.size + fresh > MOST) {
            left += 1;
            continue;
        }
        for (const term of [subject, object]) {
            if (!nodes.has(term.value)) {
                nodes.set(term.value, { id: term.value, term, degree: 0 });
            }
            nodes.get(term.value).degree += 1;
        }
        links.push({ source: subject.value, target: object.value, predicate });
    }
    const list = [...nodes.values()];
    await names.learn([...list.map(({ term }) => term), ...links.map(({ predicate }) => predicate)]);
    const simulation = forceSimulation(list)
        .force("link", forceLink(links).id(({ id }) => id).distance(90))
        .force("charge", forceManyBody().strength(-260))
        .force("center", forceCenter(0, 0))
        .force("x", forceX().strength(0.06))
        .force("y", forceY().strength(0.09))
        .force("collide", forceCollide(26))
        .stop();
    // Computed at once: nothing moves, for those whom movement disturbs.
    simulation.tick(300);
    const [xs, ys] = [list.map(({ x }) => x), list.map(({ y }) => y)];
    const box = [Math.min(...xs) - 90, Math.min(...ys) - 40, Math.max(...xs) + 90, Math.max(...ys) + 40];
    const [width, height] = [Math.max(box[2] - box[0], WIDTH), Math.max(box[3] - box[1], HEIGHT)];
    const drawing = svg("svg", {
        viewBox: `${(box[0] + box[2] - width) / 2} ${(box[1] + box[3] - height) / 2} ${width} ${height}`,
        class: "network",
        role: "group",
        "aria-label": told(words.graph_title, { nodes: names.count(list.length), arrows: names.count(links.length) }),
    });
    drawing.append(svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 15, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0,0L8,4L0,8z", class: "head" }))));
    for (const { source, target, predicate } of links) {
        const path = svg("line", { x1: source.x, y1: source.y, x2: target.x, y2: target.y, class: "edge", "marker-end": "url(#arrow)" });
        path.append(svg("title", {}, `${names.text(source.term)} — ${names.text(predicate)} → ${names.text(target.term)}`));
        drawing.append(path);
        if (links.length <= 30) {
            drawing.append(svg("text", { x: (source.x + target.x) / 2, y: (source.y + target.y) / 2 - 3, "text-anchor": "middle", class: "edge-name" }, cut(names.text(predicate), 22)));
        }
    }
    for (const node of list) {
        const name = names.of(node.id);
        const inner = [svg("circle", { cx: node.x, cy: node.y, r: 6 + Math.min(node.degree, 8), class: "node" }), svg("title", {}, name.text)];
        drawing.append(
            name.page ? svg("a", { href: name.page, "aria-label": name.text }, ...inner) : svg("g", {}, ...inner),
            // What is cut for the eye is whole in the link's name.
            svg("text", { x: node.x, y: node.y + 22 + Math.min(node.degree, 8), "text-anchor": "middle", class: "name", "aria-hidden": "true" }, cut(name.text, 26)),
        );
    }
    holder.replaceChildren(drawing);
    note.textContent = left > 0 ? told(words.graph_first, { nodes: names.count(list.length), left: names.count(left) }) : words.same_in_table;
}
