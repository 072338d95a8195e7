// Making elements, for HTML and for drawings. Nothing is ever written as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (name.startsWith("on")) {
            node.addEventListener(name.slice(2), value);
        } else if (value === true) {
            node.setAttribute(name, "");
        } else if (value !== false && value !== null && value !== undefined) {
            node.setAttribute(name, value);
        }
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
}

/** An element of HTML. */
export function html(name, attributes, ...children) {
    return fill(document.createElement(name), attributes, children);
}

/** An element of SVG. */
export function svg(name, attributes, ...children) {
    return fill(document.createElementNS(SVG, name), attributes, children);
}

/** A text with its {places} filled. */
export function told(text, values) {
    return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A text cut to a length. */
export function cut(text, length) {
    return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}
