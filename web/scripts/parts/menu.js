// Closes the menu of narrow screens with Escape.

export function menu() {
    const details = document.querySelector(".main-menu details");
    details?.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && details.open) {
            details.open = false;
            details.querySelector("summary").focus();
        }
    });
}
