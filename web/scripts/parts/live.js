// Lists that change without a full reload: facets, views, orders, pages. The address changes too,
// and the way back works. Without scripts each of these is an ordinary link.

const PLACE = "#trovati[data-live]";

export function live() {
    if (!document.querySelector(PLACE)) return;
    document.addEventListener("click", (event) => {
        const link = event.target.closest?.(`${PLACE} .facets a, ${PLACE} .chips a, ${PLACE} .tools a, ${PLACE} a[rel="next"]`);
        if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(link.href, true, link.matches(".facets a") ? link.closest("[data-facet]")?.dataset.facet : null);
    });
    document.querySelector("form.search")?.addEventListener("submit", (event) => {
        const form = event.target;
        if (!document.querySelector(PLACE) || new URL(form.action).pathname !== location.pathname) return;
        event.preventDefault();
        const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
        const query = new URLSearchParams(pairs).toString();
        go(query ? `${location.pathname}?${query}` : location.pathname, true, null);
    });
    addEventListener("popstate", () => go(location.href, false, null));
}

let latest = 0;

async function go(address, isNew, facet) {
    const own = ++latest;
    const busy = document.querySelector(".found");
    busy?.setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(address, { headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.querySelector(PLACE);
        if (!found) throw new Error("another page");
        if (own !== latest) return;
        const open = new Set([...document.querySelectorAll("details[data-facet][open]")].map((one) => one.dataset.facet));
        document.querySelector(PLACE).replaceWith(document.adoptNode(found));
        for (const one of document.querySelectorAll("details[data-facet]")) {
            one.open ||= open.has(one.dataset.facet);
        }
        const form = page.querySelector("form.search");
        keep(form);
        for (const link of document.querySelectorAll(".languages a")) {
            link.href = page.querySelector(".languages a").getAttribute("href");
        }
        if (isNew) history.pushState(null, "", address);
        document.dispatchEvent(new CustomEvent("trovati"));
        const summary = facet && document.querySelector(`details[data-facet="${CSS.escape(facet)}"] > summary`);
        if (isNew) (summary || document.querySelector("#risultati")).focus({ preventScroll: Boolean(summary) });
    } catch {
        // What cannot be had this way is had the ordinary way.
        location.assign(address);
    }
}

/** The filters that the form sends along, as the new page has them. */
function keep(form) {
    const own = document.querySelector("form.search");
    if (!form || !own) return;
    own.querySelectorAll('input[type="hidden"]').forEach((input) => input.remove());
    own.append(...form.querySelectorAll('input[type="hidden"]'));
    for (const name of ["q", "near", "within"]) {
        if (own.elements[name] && form.elements[name]) own.elements[name].value = form.elements[name].value;
    }
}
