// The experiences chosen to be compared, kept for as long as the tab is open.

import { words } from "./words.js";

const KEY = "familylab-confronta";
const MOST = 4;

export function tray() {
    offer();
    draw();
    document.addEventListener("trovati", offer);
    document.addEventListener("click", (event) => {
        const add = event.target.closest?.("[data-compare]");
        const drop = event.target.closest?.("[data-drop]");
        if (add) {
            event.preventDefault();
            toggle(add.dataset.compare, add.dataset.title);
        } else if (drop) {
            toggle(drop.dataset.drop, "");
            document.querySelector(".tray button, .tray a")?.focus();
        }
    });
}

function chosen() {
    try {
        return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
    } catch {
        return [];
    }
}

function toggle(slug, title) {
    const list = chosen();
    const place = list.findIndex((one) => one.slug === slug);
    if (place >= 0) {
        list.splice(place, 1);
    } else if (list.length < MOST) {
        list.push({ slug, title });
    } else {
        say(words.full);
        return;
    }
    try {
        sessionStorage.setItem(KEY, JSON.stringify(list));
    } catch {
        return;
    }
    offer();
    draw();
}

/** A button beside each experience of a list, and the state of each. */
function offer() {
    const list = chosen();
    if (/\/esperienze$/.test(location.pathname)) {
        for (const item of document.querySelectorAll("li[data-record]:not(:has([data-compare]))")) {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "second compare-add";
            button.dataset.compare = item.dataset.record;
            button.dataset.title = item.querySelector("h3").textContent.trim();
            item.append(button);
        }
    }
    for (const one of document.querySelectorAll("[data-compare]")) {
        const is = list.some(({ slug }) => slug === one.dataset.compare);
        if (one.matches("button.compare-add")) {
            one.textContent = is ? words.remove : words.add;
            one.setAttribute("aria-label", `${one.textContent}: ${one.dataset.title}`);
        }
        if (one.matches("button")) one.setAttribute("aria-pressed", String(is));
        one.classList.toggle("is-chosen", is);
    }
}

function draw() {
    const list = chosen();
    let place = document.querySelector(".tray");
    if (!list.length) {
        place?.remove();
        return;
    }
    if (!place) {
        place = document.createElement("aside");
        place.className = "tray";
        place.setAttribute("aria-label", words.chosen);
        document.querySelector("main").after(place);
    }
    const inside = document.createElement("div");
    inside.className = "wide";
    const items = document.createElement("ul");
    for (const { slug, title } of list) {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.drop = slug;
        button.textContent = `${title.length > 40 ? `${title.slice(0, 38)}…` : title} ×`;
        button.setAttribute("aria-label", `${words.remove}: ${title}`);
        item.append(button);
        items.append(item);
    }
    const link = document.createElement("a");
    const english = document.documentElement.lang === "en";
    const root = document.querySelector(".brand").pathname.replace(/\/(en)?\/?$/, "");
    const query = list.map(({ slug }) => `id=${encodeURIComponent(slug)}`).join("&");
    link.href = `${root}${english ? "/en" : ""}/esperienze/confronta?${query}`;
    link.textContent = `${words.compare} (${list.length})`;
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    inside.append(items, link, told);
    place.replaceChildren(inside);
}

function say(text) {
    const told = document.querySelector('.tray [role="status"]');
    if (told) told.textContent = text;
}
