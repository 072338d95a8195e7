//! Words that say nothing by themselves, folded, by language.

/// Italian: articles, prepositions with and without article, pronouns, auxiliaries, conjunctions,
/// and what somebody who asks begins with.
pub const ITALIAN: &str = "\
a abbia abbiamo ad agli ai al alla alle allo anche avere aveva avevano ben bene c che chi ci cio coi col come con \
contro cosa cui d da dagli dai dal dalla dalle dallo degli dei del della delle dello dentro di dove \
e ecco ed era erano essere essi fa fare fra fu furono gia gli ha hai hanno ho i il in io l la le lei \
li lo loro lui ma me mi mia mie miei mio molto ne negli nei nel nella nelle nello no noi non nostra \
nostre nostri nostro o od ogni ora per perche pero piu poi puo quale quali quando quanto quella quelle \
quelli quello questa queste questi questo qui se sei senza si sia siamo siete solo sono sta stata \
state stati stato su sua sue sugli sui sul sulla sulle sullo suo suoi tra tu tua tue tuo tuoi tutta \
tutte tutti tutto un una uno va vi voi vostra vostre vostri vostro cerca cerchiamo cerco dovrei dovremmo potrei potremmo \
possiamo posso serve servono vogliamo voglio vorrei vorremmo";

/// English.
pub const ENGLISH: &str = "\
a about an and any are as at be been but by can do does for from had has have he her his how i if in \
into is it its me my no nor not of on or our she so some such than that the their them then there \
these they this those to too us was we were what when where which who why will with you your";
