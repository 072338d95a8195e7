//! The words of the page on the state of the node and of its peers, in both languages.

use crate::federation::{Kind, ProblemKind, Trust};
use crate::schema::Language;
use serde::Serialize;

/// The words of one language.
#[derive(Debug, Serialize)]
pub struct StatusWords {
    pub lead: &'static str,
    pub version: &'static str,
    pub node: &'static str,
    pub part: &'static str,
    pub change: &'static str,
    pub state: &'static str,
    /// Log, graph, rules, index, publication.
    pub parts: [&'static str; 5],
    pub current: &'static str,
    pub one_behind: &'static str,
    pub behind: &'static str,
    pub absent: &'static str,
    pub peers: &'static str,
    pub peers_lead: &'static str,
    pub summary: &'static str,
    pub none: &'static str,
    pub none_how: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub used_for: &'static str,
    pub checked: &'static str,
    pub holds: &'static str,
    /// Query, search, harvest.
    pub trusts: [&'static str; 3],
    pub no_trust: &'static str,
    pub not_checked: &'static str,
    pub well: &'static str,
    pub triples: &'static str,
    pub records: &'static str,
    pub seq: &'static str,
    pub as_of: &'static str,
    /// What the last harvest brought; what is added where it was stopped or has not ended.
    pub harvest: &'static str,
    pub harvest_stopped: &'static str,
    pub harvest_open: &'static str,
    pub as_data: &'static str,
    /// Node, endpoint, stream, repository, file.
    pub kinds: [&'static str; 5],
    /// What can be wrong, in the order of the kinds of problem.
    pub problems: [&'static str; 11],
}

impl StatusWords {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Italian => &ITALIAN,
            Language::English => &ENGLISH,
        }
    }

    /// What a kind of peer is called.
    pub fn kind(&self, kind: Kind) -> &'static str {
        let [node, endpoint, stream, repository, file] = self.kinds;
        match kind {
            Kind::FamilyLab => node,
            Kind::Sparql => endpoint,
            Kind::Ldes => stream,
            Kind::Oai => repository,
            Kind::Dump => file,
        }
    }

    /// What a peer may be used for.
    pub fn trust(&self, trust: Trust) -> &'static str {
        let [query, search, harvest] = self.trusts;
        match trust {
            Trust::Query => query,
            Trust::Search => search,
            Trust::Harvest => harvest,
        }
    }

    /// What is wrong with a peer.
    pub fn problem(&self, kind: ProblemKind) -> &'static str {
        let [
            not_allowed,
            private,
            redirected,
            unreachable,
            late,
            status,
            large,
            broken,
            crowded,
            unexpected,
            signature,
        ] = self.problems;
        match kind {
            ProblemKind::NotAllowed => not_allowed,
            ProblemKind::Private => private,
            ProblemKind::Redirected => redirected,
            ProblemKind::Unreachable => unreachable,
            ProblemKind::TimedOut => late,
            ProblemKind::Status => status,
            ProblemKind::TooLarge => large,
            ProblemKind::BrokenOff => broken,
            ProblemKind::Crowded => crowded,
            ProblemKind::Unexpected => unexpected,
            ProblemKind::Signature => signature,
        }
    }
}

static ITALIAN: StatusWords = StatusWords {
    lead: "Come stanno questo nodo e gli altri nodi con cui scambia dati.",
    version: "FamilyLab, versione {version}.",
    node: "Questo nodo",
    part: "Parte",
    change: "Fino alla modifica",
    state: "Stato",
    parts: [
        "Registro delle modifiche",
        "Grafo",
        "Regole di inferenza",
        "Indice di ricerca",
        "Dati pubblicati",
    ],
    current: "aggiornato",
    one_behind: "manca una modifica",
    behind: "mancano {count} modifiche",
    absent: "questo nodo non ne ha",
    peers: "Gli altri nodi",
    peers_lead: "I nodi, gli endpoint e gli archivi a cui questo nodo può rivolgersi. Li sceglie chi lo \
                 gestisce; nessun altro indirizzo viene mai chiamato.",
    summary: "{well} su {all} rispondono.",
    none: "Questo nodo non ha ancora altri nodi a cui rivolgersi: risponde con i propri dati.",
    none_how: "Chi lo gestisce può aggiungerne uno con il comando",
    name: "Nome",
    kind: "Tipo",
    used_for: "A che cosa serve",
    checked: "Ultimo controllo",
    holds: "Che cosa contiene",
    trusts: ["interrogazioni", "ricerche", "raccolta delle schede"],
    no_trust: "nulla, per ora",
    not_checked: "non ancora controllato",
    well: "risponde, in {ms} ms",
    triples: "{count} affermazioni",
    records: "{count} schede",
    seq: "fino alla modifica {count}",
    as_of: "al {date}",
    harvest: "Raccolta del {date}: {new} schede nuove, {changed} modificate, {deleted} eliminate, \
              {held} tenute da parte",
    harvest_stopped: "; si è interrotta",
    harvest_open: "; non è ancora finita",
    as_data: "L’elenco come dati (JSON)",
    kinds: [
        "nodo FamilyLab",
        "punto di accesso SPARQL",
        "flusso di modifiche (LDES)",
        "archivio OAI-PMH",
        "file RDF",
    ],
    problems: [
        "non si può interpellare",
        "il suo nome porta a un indirizzo privato che nessuno ha autorizzato",
        "rimanda a un altro indirizzo",
        "non è raggiungibile",
        "non ha risposto in tempo",
        "ha risposto con un errore",
        "la sua risposta è troppo grande",
        "ha interrotto la risposta",
        "ha già troppe richieste in corso",
        "risponde, ma non come dovrebbe",
        "risponde, ma non dimostra di essere chi dice: la firma non vale",
    ],
};

static ENGLISH: StatusWords = StatusWords {
    lead: "How this node is, and the other nodes with which it exchanges data.",
    version: "FamilyLab, version {version}.",
    node: "This node",
    part: "Part",
    change: "Up to change",
    state: "State",
    parts: ["Log of changes", "Graph", "Rules of inference", "Search index", "Published data"],
    current: "up to date",
    one_behind: "one change is missing",
    behind: "{count} changes are missing",
    absent: "this node has none",
    peers: "Other nodes",
    peers_lead: "The nodes, endpoints and archives that this node may turn to. Those who run it choose \
                 them; no other address is ever called.",
    summary: "{well} of {all} answer.",
    none: "This node has no other nodes to turn to yet: it answers with its own data.",
    none_how: "Those who run it can add one with the command",
    name: "Name",
    kind: "Kind",
    used_for: "What it is used for",
    checked: "Last checked",
    holds: "What it holds",
    trusts: ["queries", "searches", "harvesting of records"],
    no_trust: "nothing for now",
    not_checked: "not checked yet",
    well: "answers, in {ms} ms",
    triples: "{count} statements",
    records: "{count} records",
    seq: "up to change {count}",
    as_of: "as of {date}",
    harvest: "Harvested on {date}: {new} new records, {changed} changed, {deleted} deleted, {held} \
              kept back",
    harvest_stopped: "; it was broken off",
    harvest_open: "; it has not ended yet",
    as_data: "The list as data (JSON)",
    kinds: [
        "FamilyLab node",
        "SPARQL endpoint",
        "stream of changes (LDES)",
        "OAI-PMH repository",
        "RDF file",
    ],
    problems: [
        "cannot be asked",
        "its name leads to a private address that nobody allowed",
        "sends on to another address",
        "cannot be reached",
        "did not answer in time",
        "answered with an error",
        "its answer is too large",
        "broke off its answer",
        "has too many requests running",
        "answers, but not as it should",
        "answers, but does not prove who it is: its signature does not hold",
    ],
};
