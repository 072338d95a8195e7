// Starts a node on a free port of the loopback, alone or with peers, and stops it. Knows no page.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const PATIENCE = 600_000;

function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.on("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

/** A node with the demonstration catalogue, its index complete. */
export async function start() {
    const data = await mkdtemp(path.join(tmpdir(), "familylab-browser-"));
    const address = `http://127.0.0.1:${await freePort()}`;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FAMILYLAB_")));
    const options = {
        env: { ...env, FAMILYLAB_DATA: data, FAMILYLAB_BASE_URL: address, FAMILYLAB_LOG_LEVEL: "warn" },
        cwd: data,
    };
    const child = spawn(process.env.FAMILYLAB_BINARY, ["serve", "--demo", "--listen", address.slice(7)], {
        ...options,
        stdio: ["ignore", "ignore", "inherit"],
    });
    const command = (...words) => promisify(execFile)(process.env.FAMILYLAB_BINARY, words, options);
    const stop = async () => {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        if (child.exitCode === null) {
            child.kill("SIGTERM");
            await ended;
        }
        await rm(data, { recursive: true, force: true });
    };
    const until = Date.now() + PATIENCE;
    for (;;) {
        if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}`);
        if (Date.now() > until) throw new Error("the node is not ready");
        const ready = await fetch(`${address}/ready`).then((answer) => answer.json()).catch(() => ({}));
        if (ready.seq > 0 && ready.indexed === ready.seq) break;
        await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return { address, data, command, stop };
}

/** The same with two peers: one that answers, and one that does not. */
export async function startWithPeers() {
    const [node, peer] = await Promise.all([start(), start()]);
    await node.command("peer", "add", "vicino", peer.address, "--private", "--trust", "query,search");
    await node.command("peer", "add", "spento", `http://127.0.0.1:${await freePort()}`, "--private", "--trust", "search");
    const stop = () => Promise.all([node.stop(), peer.stop()]);
    return { ...node, stop };
}
