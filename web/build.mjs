// Bundles styles and scripts into dist/, each under a name that holds its hash, packed as well as
// plain, with manifest.json telling which is which. Knows nothing of pages.

import { build } from "esbuild";
import italy from "@svg-maps/italy";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as sass from "sass";

const here = import.meta.dirname;
const dist = path.join(here, "dist");
const kit = path.dirname(createRequire(import.meta.url).resolve("bootstrap-italia/package.json"));
const manifest = {};

// The icons of the design system that pages use.
const ICONS = [
    "arrow-right", "burger", "calendar", "check-circle", "chevron-right", "clip", "close", "copy",
    "download", "external-link", "file", "flag", "funnel", "help-circle", "info-circle", "link",
    "list", "mail", "map-marker", "print", "rss", "search", "share", "star-full", "telephone",
    "user", "warning-circle", "collapse", "expand", "chart-line", "box", "pa", "exchange-circle",
];

async function keep(name, bytes) {
    const { name: stem, ext } = path.parse(name);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
    manifest[name] = `${stem}-${hash}${ext}`;
    await put(manifest[name], bytes);
}

async function put(file, bytes) {
    await writeFile(path.join(dist, file), bytes);
    if (/\.(css|js|svg)$/.test(file)) {
        const text = Buffer.from(bytes);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
        await writeFile(path.join(dist, `${file}.br`), brotliCompressSync(text, { params }));
        await writeFile(path.join(dist, `${file}.gz`), gzipSync(text, { level: 9 }));
    }
}

// The style sheets at the top of styles/ (all but plain.css, which the program holds itself).
async function styles() {
    const sheets = (await readdir(path.join(here, "styles"))).filter((name) => /^[a-z].*\.scss$/.test(name));
    for (const sheet of sheets) {
        const { css } = sass.compile(path.join(here, "styles", sheet), {
            loadPaths: [path.join(kit, "src/scss"), path.dirname(kit)],
            logger: sass.Logger.silent,
        });
        const { outputFiles } = await build({
            stdin: { contents: css, loader: "css", resolveDir: kit },
            absWorkingDir: here,
            bundle: true,
            minify: true,
            write: false,
            outdir: dist,
            assetNames: "[name]-[hash]",
            loader: { ".woff2": "file" },
            target: ["chrome109", "firefox115", "safari16"],
        });
        for (const file of outputFiles) {
            const name = path.basename(file.path);
            if (name.endsWith(".css")) {
                await keep(sheet.replace(".scss", ".css"), file.contents);
            } else {
                manifest[name.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = name;
                await put(name, file.contents);
            }
        }
    }
}

// Each file at the top of scripts/ is the script of a page; what they share lies in folders below.
async function scripts() {
    const folder = path.join(here, "scripts");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    const { metafile, outputFiles } = await build({
        // So that the same files have the same names wherever they are built.
        absWorkingDir: here,
        entryPoints: names.map((name) => path.join(folder, name)),
        bundle: true,
        minify: true,
        splitting: true,
        format: "esm",
        write: false,
        metafile: true,
        outdir: dist,
        entryNames: "[name]-[hash]",
        chunkNames: "part-[hash]",
        legalComments: "eof",
        target: ["chrome109", "firefox115", "safari16"],
    });
    for (const file of outputFiles) {
        await put(path.basename(file.path), file.contents);
    }
    for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
        if (entryPoint) {
            manifest[path.basename(entryPoint)] = path.basename(file);
        }
    }
}

async function icons() {
    const symbols = [];
    for (const name of ICONS) {
        const svg = await readFile(path.join(kit, "src/svg", `it-${name}.svg`), "utf8");
        const box = svg.match(/viewBox="([^"]+)"/)?.[1] ?? "0 0 24 24";
        const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
        const plain = inside.replace(/ (?:fill|style|class|id)="[^"]*"/g, (all) => (all === ' fill="none"' ? all : ""));
        symbols.push(`<symbol id="${name}" viewBox="${box}">${plain.trim()}</symbol>`);
    }
    await keep("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

// The ISTAT codes of the regions, by the names that the map gives them.
const REGIONS = {
    piedmont: "01", "aosta-valley": "02", lombardy: "03", "trentino-south-tyrol": "04", veneto: "05",
    "friuli-venezia-giulia": "06", liguria: "07", "emilia-romagna": "08", tuscany: "09", umbria: "10",
    marche: "11", lazio: "12", abruzzo: "13", molise: "14", campania: "15", apulia: "16",
    basilicata: "17", calabria: "18", sicily: "19", sardinia: "20",
};

// The outlines of the regions, for the map that the program draws.
async function map() {
    const regions = italy.locations.map(({ id, path }) => ({ istat: REGIONS[id], path }));
    await writeFile(path.join(dist, "italy.json"), JSON.stringify({ box: italy.viewBox, regions }));
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await styles();
await scripts();
await icons();
await map();
await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
