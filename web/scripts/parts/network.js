// Arranges the drawing of a network by forces, and shows what each node is linked with. The drawing
// stands without it: nodes in circles, each a link.

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

const WIDTH = 800;
const HEIGHT = 520;

export function networks() {
    document.querySelectorAll("svg[data-network]").forEach(arrange);
}

/** Spreads what was arranged over the whole drawing. */
function fill(nodes, axis, from, to) {
    const places = nodes.map((node) => node[axis]);
    const [least, most] = [Math.min(...places), Math.max(...places)];
    const scale = most > least ? (to - from) / (most - least) : 0;
    for (const node of nodes) {
        node[axis] = scale ? from + (node[axis] - least) * scale : (from + to) / 2;
    }
}

function arrange(svg) {
    const dots = [...svg.querySelectorAll("a.dot")];
    const lines = [...svg.querySelectorAll("line")];
    const nodes = dots.map((dot) => {
        const [, x, y] = dot.firstElementChild.getAttribute("transform").match(/translate\(([-\d.]+) ([-\d.]+)\)/);
        const isAsked = dot.classList.contains("asked");
        return { x: Number(x), y: Number(y), ...(isAsked && { fx: WIDTH / 2, fy: HEIGHT / 2 }) };
    });
    const links = lines.map((line) => ({ source: Number(line.dataset.from), target: Number(line.dataset.to) }));
    const crowd = Math.min(1, 24 / nodes.length);
    forceSimulation(nodes)
        .force("link", forceLink(links).distance(70 + 70 * crowd).strength(0.4))
        .force("apart", forceManyBody().strength(-320 - 500 * crowd))
        .force("room", forceCollide(26 + 22 * crowd))
        .force("x", forceX(WIDTH / 2).strength(0.045))
        .force("y", forceY(HEIGHT / 2).strength(0.11))
        .force("center", forceCenter(WIDTH / 2, HEIGHT / 2).strength(0.05))
        .stop()
        .tick(320);
    fill(nodes, "x", 95, WIDTH - 95);
    fill(nodes, "y", 26, HEIGHT - 40);
    dots.forEach((dot, place) => {
        const { x, y } = nodes[place];
        dot.firstElementChild.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        const near = new Set([place]);
        links.forEach(({ source, target }) => {
            if (source.index === place) near.add(target.index);
            if (target.index === place) near.add(source.index);
        });
        const show = (is) => {
            dots.forEach((other, at) => other.classList.toggle("faded", is && !near.has(at)));
            lines.forEach((line, at) => line.classList.toggle("faded", is && links[at].source.index !== place && links[at].target.index !== place));
        };
        for (const event of ["pointerenter", "focus"]) dot.addEventListener(event, () => show(true));
        for (const event of ["pointerleave", "blur"]) dot.addEventListener(event, () => show(false));
    });
    lines.forEach((line, at) => {
        const { source, target } = links[at];
        for (const [name, value] of [["x1", source.x], ["y1", source.y], ["x2", target.x], ["y2", target.y]]) {
            line.setAttribute(name, value.toFixed(1));
        }
    });
}
