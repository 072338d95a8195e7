// Suggestions in search boxes: a combobox with a list box, WAI-ARIA Authoring Practices 1.2.

import { words } from "./words.js";

const WAIT = 150;
const LEAST = 2;
let boxes = 0;

export function suggestions() {
    document.querySelectorAll("input[data-suggest]").forEach(attach);
}

function attach(input) {
    const list = document.createElement("ul");
    list.id = `suggerimenti-${++boxes}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
    list.hidden = true;
    const told = document.createElement("p");
    told.className = "hidden-visually";
    told.setAttribute("role", "status");
    input.after(list);
    list.after(told);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-haspopup", "listbox"]]) {
        input.setAttribute(name, value);
    }

    let timer;
    let latest = 0;
    let at = -1;

    const close = () => {
        list.hidden = true;
        at = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
        const options = list.children;
        if (!options.length) return;
        options[at]?.setAttribute("aria-selected", "false");
        at = (place + options.length) % options.length;
        options[at].setAttribute("aria-selected", "true");
        options[at].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[at].id);
    };
    const choose = (option) => {
        input.value = option.dataset.text;
        close();
        input.form.requestSubmit();
    };
    const show = (found) => {
        list.replaceChildren(...found.map(({ text, kind }, place) => {
            const option = document.createElement("li");
            option.id = `${list.id}-${place}`;
            option.setAttribute("role", "option");
            option.setAttribute("aria-selected", "false");
            option.dataset.text = text;
            const name = document.createElement("span");
            name.textContent = text;
            const what = document.createElement("span");
            what.className = "kind";
            what.textContent = words.kinds[kind] ?? "";
            option.append(name, what);
            // Before the box loses the focus.
            option.addEventListener("pointerdown", (event) => {
                event.preventDefault();
                choose(option);
            });
            return option;
        }));
        at = -1;
        input.removeAttribute("aria-activedescendant");
        list.hidden = found.length === 0;
        input.setAttribute("aria-expanded", String(found.length > 0));
        told.textContent = found.length ? words.suggestions(found.length) : "";
    };
    const ask = async () => {
        const text = input.value.trim();
        const own = ++latest;
        if (text.length < LEAST) {
            close();
            return;
        }
        const address = new URL(input.dataset.suggest, location.href);
        address.searchParams.set("q", input.value);
        try {
            const answer = await fetch(address, { headers: { Accept: "application/json" } });
            if (!answer.ok) return;
            const { suggestions: found } = await answer.json();
            if (own === latest && document.activeElement === input) show(found);
        } catch {
            // The box works without suggestions.
        }
    };

    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            if (list.hidden) {
                ask();
            } else if (event.key === "ArrowDown") {
                mark(at + 1);
            } else {
                mark(at < 0 ? -1 : at - 1);
            }
        } else if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            close();
        } else if (event.key === "Enter" && !list.hidden && at >= 0) {
            event.preventDefault();
            choose(list.children[at]);
        }
    });
}
