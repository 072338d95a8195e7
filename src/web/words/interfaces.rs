//! The interfaces of the node as `/dati` explains them: what each is for and for whom, in both
//! languages, with a request that shows it.

use crate::schema::Language;

/// One interface.
pub struct Interface {
    /// Its place on the page.
    pub name: &'static str,
    /// A request that every node with vocabularies answers; `{graph}` is the territory's graph.
    pub path: &'static str,
    /// The format asked for, nothing where the interface has one only.
    pub accept: &'static str,
    italian: [&'static str; 3],
    english: [&'static str; 3],
}

impl Interface {
    /// What it is called, for whom it is, and what it gives.
    pub fn told(&self, language: Language) -> [&'static str; 3] {
        match language {
            Language::Italian => self.italian,
            Language::English => self.english,
        }
    }
}

const PORTALS: [&str; 2] = ["portali di dati aperti", "open-data portals"];
const RESEARCH: [&str; 2] = ["chi fa ricerca", "researchers"];
const PROGRAMS: [&str; 2] = ["chi scrive programmi", "programmers"];
const ENGINES: [&str; 2] = ["motori di ricerca", "search engines"];
const PEERS: [&str; 2] =
    ["altri nodi e chi segue gli aggiornamenti", "other nodes and followers of changes"];
const READERS: [&str; 2] = ["chi legge", "readers"];

/// Every interface for reading, in the order of the page.
pub const INTERFACES: [Interface; 18] = [
    Interface {
        name: "catalogo",
        path: "/catalog",
        accept: "text/turtle",
        italian: [
            "Catalogo DCAT-AP e DCAT-AP_IT",
            PORTALS[0],
            "I dataset e i servizi di questo nodo con tutti i metadati dei due profili, a pagine di cento; anche RDF/XML, JSON-LD e N-Triples.",
        ],
        english: [
            "DCAT-AP and DCAT-AP_IT catalogue",
            PORTALS[1],
            "The datasets and services of this node with all metadata of both profiles, a hundred a page; RDF/XML, JSON-LD and N-Triples too.",
        ],
    },
    Interface {
        name: "oai",
        path: "/oai?verb=Identify",
        accept: "",
        italian: [
            "OAI-PMH 2.0",
            PORTALS[0],
            "Raccolta delle schede per data, per tipo e per fonte, in Dublin Core e in RDF, con le eliminazioni.",
        ],
        english: [
            "OAI-PMH version 2.0",
            PORTALS[1],
            "Harvesting of the records by date, by kind and by source, in Dublin Core and RDF, deletions included.",
        ],
    },
    Interface {
        name: "flusso",
        path: "/ldes",
        accept: "application/trig",
        italian: [
            "Flusso dei cambiamenti (LDES)",
            PEERS[0],
            "Ogni versione di ogni scheda, nell’ordine in cui è stata scritta; le pagine chiuse non cambiano più.",
        ],
        english: [
            "Stream of changes (LDES)",
            PEERS[1],
            "Every version of every record, in the order in which it was written; closed pages never change again.",
        ],
    },
    Interface {
        name: "file",
        path: "/dump/",
        accept: "application/json",
        italian: [
            "File completi",
            RESEARCH[0],
            "Tutto, o le schede di un tipo o di una fonte, in N-Quads, TriG e CSV, con dimensione e impronta di ogni file.",
        ],
        english: [
            "Whole files",
            RESEARCH[1],
            "Everything, or the records of a kind or of a source, as N-Quads, TriG and CSV, with size and checksum of each file.",
        ],
    },
    Interface {
        name: "void",
        path: "/.well-known/void",
        accept: "text/turtle",
        italian: [
            "VoID",
            RESEARCH[0],
            "Quante affermazioni, classi e proprietà ci sono nei file, e dove portano i collegamenti.",
        ],
        english: [
            "VoID description",
            RESEARCH[1],
            "How many statements, classes and properties the files hold, and where the links lead.",
        ],
    },
    Interface {
        name: "sparql",
        path: "/sparql?query=SELECT%20%3Fc%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20a%20%3Fc%20%7D%20GROUP%20BY%20%3Fc%20ORDER%20BY%20DESC(%3Fn)%20LIMIT%205",
        accept: "text/csv",
        italian: [
            "SPARQL 1.1",
            RESEARCH[0],
            "Interrogare tutto il grafo, da un browser o da un programma.",
        ],
        english: [
            "SPARQL 1.1 endpoint",
            RESEARCH[1],
            "Query the whole graph, from a browser or from a program.",
        ],
    },
    Interface {
        name: "servizio",
        path: "/sparql",
        accept: "text/turtle",
        italian: [
            "Descrizione del servizio SPARQL",
            PROGRAMS[0],
            "Linguaggi, formati e funzioni che questo nodo conosce.",
        ],
        english: [
            "SPARQL service description",
            PROGRAMS[1],
            "The languages, formats and functions that this node knows.",
        ],
    },
    Interface {
        name: "interrogazioni",
        path: "/q/storia-dei-comuni?dal=2018-01-01",
        accept: "text/csv",
        italian: [
            "Domande pronte",
            RESEARCH[0],
            "Le domande con parametri controllati, con un indirizzo ciascuna.",
        ],
        english: [
            "Named queries",
            RESEARCH[1],
            "Questions with checked parameters, each with an address.",
        ],
    },
    Interface {
        name: "scheda",
        path: "/doc/territorio/bari.ttl",
        accept: "",
        italian: [
            "Scheda collegata",
            PROGRAMS[0],
            "Ogni identificatore risponde con la pagina o con i dati: Turtle, N-Triples, RDF/XML, JSON-LD.",
        ],
        english: [
            "Linked record",
            PROGRAMS[1],
            "Every identifier answers with the page or with the data: Turtle, N-Triples, RDF/XML, JSON-LD.",
        ],
    },
    Interface {
        name: "versioni",
        path: "/timemap/territorio/bari",
        accept: "",
        italian: [
            "Versioni (Memento)",
            RESEARCH[0],
            "Le versioni di una scheda nel tempo; con Accept-Datetime l’identificatore porta a quella di allora.",
        ],
        english: [
            "Versions (Memento)",
            RESEARCH[1],
            "The versions of a record over time; with Accept-Datetime its identifier leads to the one of that moment.",
        ],
    },
    Interface {
        name: "segnali",
        path: "/linkset/territorio/bari",
        accept: "application/linkset+json",
        italian: [
            "Signposting",
            PROGRAMS[0],
            "Come citare una scheda, chi l’ha scritta, la licenza e i formati, per programmi che seguono i collegamenti.",
        ],
        english: [
            "Signposting links",
            PROGRAMS[1],
            "How to cite a record, who wrote it, its licence and formats, for programs that follow links.",
        ],
    },
    Interface {
        name: "grafi",
        path: "/graphs?graph={graph}",
        accept: "application/n-triples",
        italian: ["Grafi interi", PROGRAMS[0], "SPARQL 1.1 Graph Store HTTP Protocol, in lettura."],
        english: [
            "Whole graphs",
            PROGRAMS[1],
            "SPARQL 1.1 Graph Store HTTP Protocol, for reading.",
        ],
    },
    Interface {
        name: "ricerca",
        path: "/search?q=asilo+nido&limit=3&facets=&format=csv",
        accept: "",
        italian: [
            "Ricerca",
            PROGRAMS[0],
            "La stessa ricerca del sito in JSON, JSON-LD, CSV e Atom.",
        ],
        english: [
            "Search interface",
            PROGRAMS[1],
            "The same search as the site’s, in JSON, JSON-LD, CSV and Atom.",
        ],
    },
    Interface {
        name: "somiglianza",
        path: "/similar?need=doposcuola&municipality=bari&limit=1",
        accept: "application/json",
        italian: [
            "Somiglianza",
            PROGRAMS[0],
            "Le schede più vicine a una scheda o a un bisogno, con le ragioni.",
        ],
        english: [
            "Likeness",
            PROGRAMS[1],
            "The records nearest to a record or to a need, with reasons.",
        ],
    },
    Interface {
        name: "notifiche",
        path: "/feed.atom",
        accept: "",
        italian: [
            "Notifiche Atom",
            READERS[0],
            "Le ultime schede cambiate o eliminate; con i parametri della ricerca, quelle di un tema, di un territorio, di una ricerca.",
        ],
        english: [
            "Atom feeds",
            READERS[1],
            "The records that changed or were deleted last; with the parameters of the search, those of a theme, a territory, a search.",
        ],
    },
    Interface {
        name: "calendario",
        path: "/eventi.ics",
        accept: "",
        italian: [
            "Calendario degli eventi",
            READERS[0],
            "Gli eventi nel formato iCalendar, da seguire con un’agenda.",
        ],
        english: [
            "Calendar of events",
            READERS[1],
            "The events as iCalendar, to be followed with a diary.",
        ],
    },
    Interface {
        name: "mappa",
        path: "/sitemap.xml",
        accept: "",
        italian: [
            "Mappa per i motori di ricerca",
            ENGINES[0],
            "Ogni pagina con la data dell’ultimo cambiamento; le pagine stesse hanno dati schema.org.",
        ],
        english: [
            "Sitemap",
            ENGINES[1],
            "Every page with the date of its last change; the pages themselves carry schema.org data.",
        ],
    },
    Interface {
        name: "qualita",
        path: "/quality?format=csv",
        accept: "",
        italian: [
            "Schede da correggere",
            READERS[0],
            "Le schede a cui manca ciò che è obbligatorio o raccomandato, con la ragione.",
        ],
        english: [
            "Records to mend",
            READERS[1],
            "The records that lack something obligatory or recommended, with the reason.",
        ],
    },
];
