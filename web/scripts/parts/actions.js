// Copy, share, print: shown only where the browser can.

export function actions() {
    for (const button of document.querySelectorAll("[data-copy]")) {
        if (!navigator.clipboard) continue;
        show(button);
        const told = document.createElement("span");
        told.setAttribute("role", "status");
        told.className = "hint";
        button.after(told);
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(button.dataset.copy);
            told.textContent = ` ${button.dataset.done}`;
            setTimeout(() => (told.textContent = ""), 4000);
        });
    }
    for (const button of document.querySelectorAll("[data-share]")) {
        if (!navigator.share) continue;
        show(button);
        button.addEventListener("click", () => {
            navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
        });
    }
    for (const button of document.querySelectorAll("[data-print]")) {
        show(button);
        button.addEventListener("click", () => print());
    }
}

function show(button) {
    button.closest("[hidden]")?.removeAttribute("hidden");
}
