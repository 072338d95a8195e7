// Asks Comunica the same queries over the same endpoints, one after the other in one process, as a
// service would. Reads { package, sources, count, rounds, limit, queries: { name: text } } from standard
// input, milliseconds in `limit`; prints { name: { ms: [], requests, rows, problem } }.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

let input = '';
for await (const piece of process.stdin) input += piece;
const { package: folder, sources, count, rounds, limit, queries } = JSON.parse(input);
const { QueryEngine } = await import(pathToFileURL(createRequire(`${folder}/`).resolve('@comunica/query-sparql')));
const engine = new QueryEngine();
const context = { sources: sources.map((value) => ({ type: 'sparql', value })) };

async function run(query) {
    const bindings = await engine.queryBindings(query, context);
    return new Promise((done, fail) => {
        const timer = setTimeout(() => {
            bindings.destroy();
            fail(new Error(`not ended after ${limit / 1000} s`));
        }, limit);
        const rows = [];
        bindings.on('data', (row) => rows.push(Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value]))));
        bindings.on('error', (error) => (clearTimeout(timer), fail(error)));
        bindings.on('end', () => (clearTimeout(timer), done(rows)));
    });
}

const told = {};
for (const [name, query] of Object.entries(queries)) {
    const one = (told[name] = { ms: [], requests: null, rows: null, problem: null });
    for (let round = 0; round < rounds && !one.problem; round += 1) {
        await fetch(count);
        const start = performance.now();
        try {
            one.rows = await run(query);
        } catch (error) {
            one.problem = String(error.message ?? error).split('\n')[0].slice(0, 120);
        }
        one.ms.push(performance.now() - start);
        one.requests = (await (await fetch(count)).json()).requests;
    }
    console.error(`${name}: ${Math.round(one.ms.at(-1))} ms, ${one.requests} requests${one.problem ? `, ${one.problem}` : ''}`);
}
// It is longer than a pipe holds at once.
process.stdout.write(JSON.stringify(told), () => process.exit(0));
