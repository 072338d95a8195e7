// The pages of named queries with scripts: what can be picked appears while one writes. The list
// follows WAI-ARIA Authoring Practices, Combobox with list autocomplete.

const PAUSE = 150;
const language = document.documentElement.lang;

function suggest(input) {
    const kind = input.dataset.among;
    const list = document.createElement("ul");
    list.id = `${input.id}-list`;
    list.className = "suggestions";
    list.role = "listbox";
    list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
    list.hidden = true;
    input.after(list);
    input.removeAttribute("list");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    let chosen = -1;
    let waiting = null;
    let last = 0;
    const options = () => [...list.children];
    function close() {
        list.hidden = true;
        chosen = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
    }
    function mark(next) {
        const all = options();
        chosen = (next + all.length) % all.length;
        all.forEach((option, place) => option.setAttribute("aria-selected", place === chosen));
        input.setAttribute("aria-activedescendant", all[chosen].id);
        all[chosen].scrollIntoView({ block: "nearest" });
    }
    function take(option) {
        input.value = option.dataset.value;
        close();
    }
    async function look() {
        const own = ++last;
        const parameters = new URLSearchParams({ q: input.value, limit: "20", lang: language });
        const root = document.querySelector("link[rel=search]").getAttribute("href").replace(/\/opensearch\.xml$/, "");
        const response = await fetch(`${root}/suggest?${parameters}`);
        if (!response.ok || own !== last) {
            return;
        }
        const { suggestions } = await response.json();
        const fitting = suggestions.filter((one) => one.kind === kind).slice(0, 10);
        list.replaceChildren(
            ...fitting.map(({ text, iri }, place) => {
                const option = document.createElement("li");
                option.id = `${list.id}-${place}`;
                option.role = "option";
                option.dataset.value = iri.slice(iri.indexOf("/id/") + 4);
                option.setAttribute("aria-selected", "false");
                option.append(text);
                option.addEventListener("mousedown", (event) => {
                    event.preventDefault();
                    take(option);
                });
                return option;
            }),
        );
        list.hidden = fitting.length === 0;
        input.setAttribute("aria-expanded", fitting.length > 0);
        chosen = -1;
    }
    input.addEventListener("input", () => {
        clearTimeout(waiting);
        if (input.value.trim().length < 2) {
            close();
            return;
        }
        waiting = setTimeout(() => look().catch(close), PAUSE);
    });
    input.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!list.hidden && step) {
            mark(chosen < 0 && step < 0 ? -1 : chosen + step);
            event.preventDefault();
        } else if (!list.hidden && event.key === "Enter" && chosen >= 0) {
            take(options()[chosen]);
            event.preventDefault();
        } else if (event.key === "Escape") {
            close();
        }
    });
    input.addEventListener("blur", close);
}

for (const input of document.querySelectorAll("input[data-among]")) {
    suggest(input);
}
