// One address for each template of the site and each state worth looking at. In English each
// stands below /en. NODE is the address of the node.

export const EXPERIENCE = "/esperienze/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";

const QUERY = `PREFIX dct: <http://purl.org/dc/terms/>
PREFIX fl: <https://w3id.org/familylab/ontology#>
SELECT ?e ?title ?budget { ?e a fl:Experience ; dct:title ?title ; fl:budget ?budget }`;

export const PAGES = [
    "/",
    "/esperienze",
    "/esperienze?q=nido",
    "/esperienze?q=zzzzqqq",
    "/esperienze?view=mappa&territory=puglia",
    "/esperienze?view=tabella&theme=centri-per-le-famiglie",
    EXPERIENCE,
    "/esperienze/nido-a-fasce-leggere-al-pilastro-frequenza-a-moduli",
    "/esperienze/simili",
    "/esperienze/simili?need=adolescenti+che+lasciano+la+scuola&municipality=Bari",
    "/esperienze/simili?need=adolescenti&municipality=Nessunluogo",
    "/esperienze/confronta",
    "/esperienze/confronta?id=stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari&id=nido-a-fasce-leggere-al-pilastro-frequenza-a-moduli",
    "/attori",
    "/attori/comune-di-bari",
    "/reti",
    "/reti/patto-metropolitano-per-le-famiglie-baresi",
    "/territori",
    "/territori/bari",
    "/territori/puglia",
    "/temi",
    "/temi/centri-per-le-famiglie",
    "/destinatari",
    "/destinatari/famiglie",
    "/valutazioni",
    "/valutazioni/autovalutazione-2026-stanze-per-le-famiglie-al-san-paolo",
    "/modelli",
    "/modelli/servizio-zerotre-a-moduli-e-di-prossimita",
    "/percorsi",
    "/percorsi/avviare-un-nido-a-moduli-in-diciotto-mesi",
    "/competenze",
    "/competenze/analisi-delle-tariffe-per-le-famiglie",
    "/saperi",
    "/saperi/dodici-gesti-questionario-anonimo-per-giovani-caregiver",
    "/notizie",
    "/notizie/un-anno-di-giovani-caregiver-89-patti-e-tre-consigli-di-classe-da-rifare",
    "/eventi",
    "/eventi/le-chiavi-in-tasca-tre-giorni-fra-perugia-e-l-aquila",
    "/raccolte",
    "/raccolte/dossier-comunita-provvisorie-legami-che-restano",
    "/search?q=affido",
    "/dati",
    "/qualita",
    "/qualita/schede",
    "/accessibilita",
    "/privacy",
    "/note-legali",
    "/mappa-sito",
    "/stato",
    "/doc/attore",
    "/doc/rete/patto-metropolitano-per-le-famiglie-baresi",
    "/ontology",
    "/sparql",
    `/sparql?query=${encodeURIComponent(QUERY)}`,
    `/sparql?query=${encodeURIComponent(QUERY)}&explain=true`,
    "/federazione",
    `/federazione?query=${encodeURIComponent(QUERY)}`,
    `/federazione?query=${encodeURIComponent(QUERY)}&plan=true`,
    "/cerca-ovunque",
    "/cerca-ovunque?q=nido",
    `/federation/related?iri=NODE/id${EXPERIENCE.replace("esperienze", "esperienza")}`,
    "/q",
    "/q/esperienze-per-tema-e-regione",
    "/q/esperienze-per-tema-e-regione?tema=tema/nidi-e-micronidi&regione=territorio/campania&lingua=it",
    "/q/passi-di-un-percorso",
    "/ontologia",
    "/ontologia?q=costo",
    "/vocabolari",
    "/vocabolari/themes",
    "/vocabolari/themes?q=nido",
    "/vocabolari/phases",
];

/** Pages that say what went wrong. */
export const ERRORS = ["/esperienze/mai-vista", "/questa/pagina/manca", "/esperienze?view=torta"];

/** The address of a page in a language. */
export function at(language, path) {
    if (language === "it") return path;
    return path === "/" ? "/en" : `/en${path}`;
}
