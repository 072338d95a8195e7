// Endpoints in front of one store: `/n/7/sparql` is the store's endpoint with the graph of node 7 as
// its default graph. Counts requests and bytes, and holds each request back for as long as it is told.
//
//     node proxy.mjs STORE HOSTS    STORE is the address of a node's `/sparql`; prints its own address,
//                                   which is the first of so many (127.0.0.1, 127.0.0.2, …)
//
// GET /count gives { requests, sent, received, open, nodes } and begins again; PUT /delay/30 waits 30 ms.
import http from 'node:http';

const store = new URL(process.argv[2]);
const hosts = Number(process.argv[3]);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const FORM = 'application/x-www-form-urlencoded';
let delay = 0;
let open = 0;
let count;

function begin() {
    count = { requests: 0, sent: 0, received: 0, nodes: new Set() };
}

function told() {
    return { ...count, nodes: count.nodes.size, open };
}

/** The whole body of a request. */
async function bodyOf(request) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    return Buffer.concat(pieces);
}

async function forward(request, response, node, search) {
    const graph = new URLSearchParams({ 'default-graph-uri': `http://nodo-${node}.example/` }).toString();
    let body = await bodyOf(request);
    count.requests += 1;
    count.sent += body.length + search.length;
    count.nodes.add(node);
    let query = search;
    if (request.headers['content-type']?.startsWith(FORM)) body = Buffer.concat([body, Buffer.from(`&${graph}`)]);
    else query += `${search ? '&' : '?'}${graph}`;
    if (delay) await new Promise((done) => setTimeout(done, delay));
    if (response.destroyed) return;
    const headers = { accept: request.headers.accept ?? '*/*', 'content-length': body.length };
    if (request.headers['content-type']) headers['content-type'] = request.headers['content-type'];
    const asked = http.request({ host: store.hostname, port: store.port, path: store.pathname + query, method: request.method, headers, agent });
    open += 1;
    asked.on('close', () => (open -= 1));
    asked.on('error', () => response.destroy());
    asked.on('response', (answer) => {
        response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? 'text/plain' });
        answer.on('data', (piece) => (count.received += piece.length));
        answer.on('error', () => response.destroy());
        answer.pipe(response);
    });
    // Who no longer wants the answer ends the work for it.
    response.on('close', () => response.writableFinished || asked.destroy());
    asked.end(body);
}

function answer(request, response) {
    const url = new URL(request.url, 'http://127.0.0.1');
    const node = /^\/n\/(\d+)\/sparql$/.exec(url.pathname);
    const wait = /^\/delay\/(\d+)$/.exec(url.pathname);
    if (node) return forward(request, response, node[1], url.search);
    if (url.pathname === '/count') {
        response.end(JSON.stringify(told()));
        return begin();
    }
    if (wait) delay = Number(wait[1]);
    else response.statusCode = 404;
    response.end();
}

/** Listens at a port of a host; resolves to the port. */
function listen(host, port) {
    const server = http.createServer(answer);
    server.keepAliveTimeout = 600_000;
    return new Promise((done) => server.listen(port, host, () => done(server.address().port)));
}

begin();
const port = await listen('127.0.0.1', 0);
for (let host = 2; host <= hosts; host += 1) await listen(`127.0.0.${host}`, port);
console.log(`http://127.0.0.1:${port}`);
