// Replays an event stream with ldes-client and appends each member to a file, a line of JSON each.
// replay.mjs URL FILE OPTIONS, where OPTIONS is JSON: order (none, ascending), state (a folder to
// resume from), follow (go on asking), kill (how many members to write before dying without warning).

import { openSync, writeSync } from "node:fs";
import { intoConfig, replicateLDES } from "ldes-client";
import { Writer } from "n3";

const [url, file, options] = process.argv.slice(2);
const { order = "none", state, follow = false, kill = 0 } = JSON.parse(options);

const out = openSync(file, "a");
const writer = new Writer({ format: "N-Quads" });
const client = replicateLDES(intoConfig({ url, statePath: state, polling: follow, pollInterval: 300 }), order);
client.on("error", (error) => {
    console.error(error);
    process.exit(1);
});
// A poll that brought nothing is told too: an empty line.
client.on("poll", () => writeSync(out, "\n"));

// The client remembers a member as emitted once this returns: what is written here is never lost,
// however the process ends.
let written = 0;
const emit = ({ id, quads }) => {
    writeSync(out, `${JSON.stringify({ id: id.value, quads: writer.quadsToString(quads) })}\n`);
    written += 1;
    if (written === kill) process.kill(process.pid, "SIGKILL");
    return true;
};
await client.init(emit, () => client.close());
