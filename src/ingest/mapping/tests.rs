//! From a whole file to records and errors, through the public door.
//! Small lists of names stand for the vocabularies.

use super::*;
use crate::ingest::encoding::Encoding;
use crate::ingest::json::Items;
use crate::ingest::names::Group;
use crate::ingest::table::Table;
use std::collections::HashSet;
use std::io::Cursor;

const HEADINGS: &str = "Titolo;Descrizione;Temi;Destinatari;Ente capofila;Territorio;Fase";
const GOOD: &str = "Nido;Aperto;Nidi e micronidi;Genitori;Comune di Parma;Parma;A regime";

fn names() -> Names {
    let mut names = Names::default();
    for (group, labels) in [
        (Group::Theme, &["Nidi e micronidi", "Conciliazione tra famiglia e lavoro"][..]),
        (Group::Theme, &["Gruppi e scuole per genitori"]),
        (Group::TargetGroup, &["Bambini da zero a tre anni", "Genitori che lavorano", "Genitori"]),
        (Group::TargetGroup, &["Preadolescenti e adolescenti"]),
        (Group::Actor, &["Comune di Parma", "Associazione Il Cortile (esempio)"]),
        (Group::Level, &["Comunale"]),
        (Group::Phase, &["A regime", "Sperimentazione"]),
        (Group::Funding, &["Bilancio comunale", "Contribuzione degli utenti"]),
        (Group::Funding, &["Fondazioni ed enti filantropici"]),
        (Group::Territory, &["Parma"]),
    ] {
        for label in labels {
            names.add(group, label, &format!("https://x.example/{group:?}/{}", iri::slug(label)));
        }
    }
    names.add(Group::Territory, "034027", "https://x.example/Territory/parma");
    names
}

fn csv(text: &str) -> Result<Vec<Result<MappedRecord, RowErrors>>, Vec<TableError>> {
    let table = Table::open(Cursor::new(text.as_bytes()), Encoding::Detect).unwrap();
    let (names, base) = (names(), Base::parse("https://x.example").unwrap());
    let mapping = Mapping::for_table(table.headings(), &names, &base)?;
    Ok(mapping.map(table).collect())
}

fn json(text: &str) -> Vec<Result<MappedRecord, RowErrors>> {
    let items = Items::open(text.as_bytes()).unwrap();
    let (names, base) = (names(), Base::parse("https://x.example").unwrap());
    Mapping::for_items(&items.headings(), &names, &base).map(items).collect()
}

fn graph(record: &MappedRecord) -> HashSet<String> {
    record.triples.iter().map(ToString::to_string).collect()
}

/// Row, column and English sentence of every error.
fn told(rows: &[Result<MappedRecord, RowErrors>]) -> Vec<String> {
    let errors = rows.iter().filter_map(|row| row.as_ref().err()).flat_map(|row| &row.errors);
    errors.map(|error| format!("{} {error}", error.row)).collect()
}

#[test]
fn the_templates_map_without_errors() {
    for (template, kind) in [
        (include_str!("../../../data/template/esperienze.csv"), "esperienza"),
        (include_str!("../../../data/template/attori.csv"), "attore"),
    ] {
        let rows = csv(template).unwrap();
        assert_eq!((rows.len(), told(&rows)), (2, vec![]));
        let prefix = format!("https://x.example/id/{kind}/");
        assert!(rows.iter().flatten().all(|row| row.record.starts_with(&prefix)));
    }
}

#[test]
fn steps_contact_and_defaults_become_fragments_and_triples() {
    let headings = "Passi per il trasferimento;E-mail;Ufficio di contatto";
    let text = format!("{HEADINGS};{headings}\n{GOOD};uno|due;a@b.it;URP");
    let rows = csv(&text).unwrap();
    let record = rows[0].as_ref().unwrap();
    let graph = graph(record);
    let fl = |name: &str| format!("<{}{name}>", fl::NAMESPACE);
    for [subject, property, object] in [
        ["", &fl("transferStep"), "<https://x.example/id/esperienza/nido#step-2>"],
        ["#step-2", &fl("position"), "\"2\"^^<http://www.w3.org/2001/XMLSchema#integer>"],
        ["#step-2", &dct::DESCRIPTION.to_string(), "\"due\"@it"],
        ["", &fl("contactPoint"), "<https://x.example/id/esperienza/nido#contact>"],
        ["#contact", &vcard::HAS_EMAIL.to_string(), "<mailto:a@b.it>"],
        ["#contact", &vcard::FN.to_string(), "\"URP\"@it"],
        ["", &dct::IDENTIFIER.to_string(), "\"nido\""],
        ["", &dct::LICENSE.to_string(), &format!("<{}>", vocab::LICENCE_CC_BY)],
        ["", &fl("leadActor"), "<https://x.example/Actor/comune-di-parma>"],
    ] {
        let triple = format!("<https://x.example/id/esperienza/nido{subject}> {property} {object}");
        assert!(graph.contains(&triple), "{triple}\n{graph:#?}");
    }
    assert_eq!(graph.len(), record.triples.len());
    assert_eq!(record.columns[vcard::HAS_EMAIL.as_str()], "E-mail");
    assert_eq!(record.columns[fl::BUDGET.as_str()], "Costo (euro)");
}

#[test]
fn an_identifier_names_the_record_instead_of_the_title() {
    let rows = csv(&format!("ID;{HEADINGS}\nPR/2024 7;{GOOD}")).unwrap();
    let record = rows[0].as_ref().unwrap();
    assert_eq!(record.record, "https://x.example/id/esperienza/pr-2024-7");
    let identifiers = record.triples.iter().filter(|triple| triple.predicate == dct::IDENTIFIER);
    let identifiers: Vec<_> = identifiers.map(|triple| triple.object.to_string()).collect();
    assert_eq!(identifiers, ["\"PR/2024 7\""]);
}

#[test]
fn everything_wrong_with_a_row_is_told_at_once_and_the_next_row_mapped() {
    let wrong = "Nido; ;Nidi e micronido|Genitori;Genitori;Comune di Prama;Parma;A regime;tanto";
    let text = format!("{HEADINGS};Costo\n{wrong}\n{GOOD};5");
    let rows = csv(&text).unwrap();
    assert_eq!(
        told(&rows),
        [
            "2 Temi: this name is not known",
            "2 Temi: this name is not known",
            "2 Ente capofila: this name is not known",
            "2 Costo: this is not an amount in euro: write 12500 or 12.500,00",
            "2 Descrizione: this cell must be filled",
            "3 Titolo: row 2 already has this name: give each row its own Identificativo",
        ]
    );
    let errors = &rows[0].as_ref().unwrap_err().errors;
    assert_eq!(
        (errors[0].value.as_str(), &errors[0].suggestions[..]),
        ("Nidi e micronido", &["Nidi e micronidi".to_owned()][..])
    );
    assert_eq!(errors[2].suggestions, ["Comune di Parma"]);
    assert_eq!(errors[2].problem.italian(), "questo nome non è conosciuto");
}

#[test]
fn the_headings_are_checked_before_any_row() {
    let errors = csv(
        "Titolo;TITLE;Obbiettivi;Tema;Destinatari;Ente capofila;Teritorio;Fase;#mia;Descrizione\n",
    );
    let told: Vec<String> = errors.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].contains("\"Titolo\" stands twice"), "{told:?}");
    assert!(told[1].contains("\"Obbiettivi\" is not known: is it Obiettivi"), "{told:?}");
    assert!(told[2].contains("\"Teritorio\" is not known: is it Territorio"), "{told:?}");
    let missing = &told[3];
    assert!(missing.starts_with("the column \"Territorio\" is missing"), "{missing}");
    assert!(
        missing.contains("Tema, Destinatari") && missing.ends_with("(is it Teritorio?)"),
        "{missing}"
    );
}

#[test]
fn several_values_stand_in_one_cell_and_in_one_array() {
    let rows =
        csv(&format!("{HEADINGS};Ostacoli;Personale\n{GOOD};\"a| b\nc|\";\"x|y\nz\"")).unwrap();
    let row = rows[0].as_ref().unwrap();
    let values = |property: NamedNodeRef<'_>| -> Vec<String> {
        let own = row.triples.iter().filter(|triple| triple.predicate == property);
        own.map(|triple| triple.object.to_string()).collect()
    };
    assert_eq!(values(fl::OBSTACLE), ["\"a\"@it", "\"b\"@it", "\"c\"@it"]);
    assert_eq!(values(fl::STAFF), ["\"x|y\\nz\"@it"]);
}

#[test]
fn json_gives_the_same_records_as_csv() {
    let csv =
        csv(&format!("{HEADINGS};Ostacoli;Costo;Dimostrazione\n{GOOD};a|b;€ 1.250,50;sì")).unwrap();
    let json = json(
        r#"[{"title": "Nido", "Descrizione": "Aperto", "Temi": ["nidi e micronidi"],
            "Target groups": "Genitori", "Territorio": "034027", "fase": "a-regime",
            "Ente capofila": "https://x.example/Actor/comune-di-parma",
            "Ostacoli": ["a", "b"], "Costo": 1250.5, "Demonstration": true, "Partner": null}]"#,
    );
    assert_eq!(graph(csv[0].as_ref().unwrap()), graph(json[0].as_ref().unwrap()));
}

#[test]
fn json_items_tell_the_same_errors_with_their_numbers() {
    let rows = json(
        r#"{"Denominazione": "A", "Tipo": "terzo settore"}
           {"Denominazione": "B", "Name": "C", "Boh": 1,
            "Tipo": ["terzo settore", "privato sociale"]}
           {"Denominazione": "cittÃ ", "Sito web": "www.x.it"}"#,
    );
    assert_eq!(rows[0].as_ref().unwrap().record, "https://x.example/id/attore/a");
    let told = told(&rows);
    assert!(told[0].starts_with("2 Name: this column is already filled"), "{told:?}");
    assert_eq!(told[1], "2 Boh: this column is not known");
    assert_eq!(told[2], "2 Tipo: only one value can stand here");
    assert!(told[3].starts_with("3 Denominazione: the letters are broken"), "{told:?}");
    assert!(told[4].starts_with("3 Sito web: this is not a web address"), "{told:?}");
    assert_eq!(told[5..], ["3 Tipo: this cell must be filled"]);
}
