// The words that scripts say, by the language of the page. Everything else comes from the server.

const WORDS = {
    it: {
        suggestions: (count) => (count === 1 ? "un suggerimento" : `${count} suggerimenti`),
        compare: "Confronta",
        chosen: "Scelte per il confronto",
        add: "Aggiungi al confronto",
        remove: "Togli dal confronto",
        full: "Si confrontano al massimo quattro esperienze.",
        kinds: {
            esperienza: "Esperienza", attore: "Attore", rete: "Rete", territorio: "Territorio", tema: "Tema",
            destinatario: "Destinatari", valutazione: "Autovalutazione", modello: "Modello", percorso: "Percorso",
            competenza: "Competenza", risorsa: "Risorsa", notizia: "Notizia", evento: "Evento", raccolta: "Raccolta",
        },
    },
    en: {
        suggestions: (count) => (count === 1 ? "one suggestion" : `${count} suggestions`),
        compare: "Compare",
        chosen: "Chosen to be compared",
        add: "Add to the comparison",
        remove: "Remove from the comparison",
        full: "Four experiences at most are compared.",
        kinds: {
            esperienza: "Experience", attore: "Actor", rete: "Network", territorio: "Territory", tema: "Theme",
            destinatario: "Target group", valutazione: "Self-assessment", modello: "Model", percorso: "Path",
            competenza: "Competence", risorsa: "Resource", notizia: "News", evento: "Event", raccolta: "Collection",
        },
    },
};

export const words = WORDS[document.documentElement.lang] ?? WORDS.it;
