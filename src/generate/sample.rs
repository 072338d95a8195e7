//! A small country for tests: five regions and the columns of the shipped territory files.

use super::ground::{Ground, Territory};
use crate::iri::Base;

/// The territory files of the small country.
pub(super) const TERRITORY: Territory<'static> = Territory {
    regions: "\
slug,name_it,name_en,name_other,istat,nuts,population,lat,long,national
lombardia,Lombardia,Lombardy,,03,ITC4,9704151,,,
trentino-alto-adige,Trentino-Alto Adige,Trentino-South Tyrol,de:Trentino-Südtirol,04,ITH1;ITH2,1029475,,,
lazio,Lazio,Lazio,,12,ITI4,5502886,,,
campania,Campania,Campania,,15,ITF3,5766810,,,
sardegna,Sardegna,Sardinia,,20,ITG2,1639362,,,
",
    provinces: "\
slug,name_it,name_en,name_other,kind,sigla,istat,nuts,region,population,lat,long,national
citta-metropolitana-milano,Città metropolitana di Milano,Metropolitan City of Milan,,citta-metropolitana,MI,015,ITC4C,03,3038420,,,
provincia-bergamo,Provincia di Bergamo,Province of Bergamo,,provincia,BG,016,ITC46,03,1088284,,,
provincia-bolzano,Provincia autonoma di Bolzano,Autonomous Province of Bolzano,de:Autonome Provinz Bozen,provincia-autonoma,BZ,021,ITH10,04,527750,,,
citta-metropolitana-roma,Città metropolitana di Roma Capitale,Metropolitan City of Rome Capital,,citta-metropolitana,RM,058,ITI43,12,3997465,,,
citta-metropolitana-napoli,Città metropolitana di Napoli,Metropolitan City of Naples,,citta-metropolitana,NA,063,ITF33,15,3054956,,,
provincia-nuoro,Provincia di Nuoro,Province of Nuoro,,provincia,NU,091,ITG2E,20,215165,,,
",
    municipalities: "\
slug,name_it,name_other,istat,cadastral,province,population,lat,long,approximate
milano,Milano,,015146,F205,015,1242123,,,
sesto-san-giovanni,Sesto San Giovanni,,015209,I690,015,76514,,,
bergamo,Bergamo,,016024,A794,016,115349,,,
treviglio,Treviglio,,016219,L400,016,28410,,,
bolzano,Bolzano,de:Bozen;lld:Balsan,021008,A952,021,107407,,,
anzio,Anzio,,058007,A323,058,49731,,,
roma,Roma,,058091,H501,058,2617175,,,
tivoli,Tivoli,,058104,L182,058,52910,,,
acerra,Acerra,,063001,A024,063,56465,,,
napoli,Napoli,,063049,F839,063,962003,,,
pozzuoli,Pozzuoli,,063060,G964,063,80357,,,
nuoro,Nuoro,,091051,F979,091,36674,,,
oliena,Oliena,,091055,G031,091,7355,,,
orosei,Orosei,,091063,G119,091,6794,,,
",
};

/// The address used in tests.
pub(super) fn base() -> Base {
    Base::parse("http://localhost:7070").unwrap()
}

/// The ground of the small country.
pub(super) fn ground() -> Ground {
    let concepts = |kind: &str, slugs: &[&str]| -> Vec<String> {
        slugs.iter().map(|slug| format!("{}{kind}/{slug}", crate::vocab::CANONICAL_ID)).collect()
    };
    let themes = ["nidi-e-micronidi", "family-audit", "affitto-ed-emergenza-abitativa", "anziani"];
    let targets = ["genitori", "bambini-0-3", "persone-anziane"];
    let (themes, targets) = (concepts("tema", &themes), concepts("destinatario", &targets));
    Ground::read(&base(), TERRITORY, &themes, &targets).unwrap()
}
