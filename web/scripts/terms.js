// The pages of the ontology and of the vocabularies: what does not hold the words typed is hidden
// as one types; a concept stays for as long as one below it does.

const input = document.querySelector("[data-filter]");
const status = document.querySelector("[data-filter-status]");
const items = [...document.querySelectorAll("[data-words]")];
const form = input.form;

const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function filter() {
    const wanted = folded(input.value).split(/\s+/).filter(Boolean);
    const fits = new Set(items.filter((item) => wanted.every((word) => item.dataset.words.includes(word))));
    for (const item of items) {
        item.hidden = !fits.has(item) && ![...item.querySelectorAll("[data-words]")].some((below) => fits.has(below));
    }
    if (wanted.length > 0) {
        document.querySelectorAll(".terms-index details").forEach((details) => (details.open = true));
    }
    const count = [...fits].filter((item) => "counted" in item.dataset).length;
    status.textContent = wanted.length === 0 ? "" : count === 0 ? input.dataset.none : input.dataset.found.replace("{count}", count);
}

// Where the server left some out already, all of them are a page away.
if (!input.value) {
    input.addEventListener("input", filter);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        filter();
    });
}

const openers = document.querySelector("[data-open-all]");
if (openers) {
    openers.hidden = false;
    openers.addEventListener("click", ({ target }) => {
        const open = target.closest("[data-open]")?.dataset.open;
        if (open) {
            document.querySelectorAll(".concept").forEach((details) => (details.open = open === "true"));
        }
    });
}

// An address that names a concept opens it.
function opened() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target?.querySelector(":scope > details");
    if (details) {
        details.open = true;
    }
}
addEventListener("hashchange", opened);
opened();
