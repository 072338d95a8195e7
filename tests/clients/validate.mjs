// Holds a graph against shapes with rdf-validate-shacl and prints what it says as JSON.
// validate.mjs DATA.nt SHAPES.ttl...

import { readFileSync } from "node:fs";
import { Parser, Store } from "n3";
import SHACLValidator from "rdf-validate-shacl";

const read = (file) => new Parser({ baseIRI: `file://${file}` }).parse(readFileSync(file, "utf8"));
const [data, ...shapes] = process.argv.slice(2);

const report = await new SHACLValidator(new Store(shapes.flatMap(read))).validate(new Store(read(data)));
const results = report.results.map((result) => ({
    focus: result.focusNode?.value ?? "",
    path: result.path?.value ?? "",
    component: result.sourceConstraintComponent?.value ?? "",
    severity: result.severity?.value ?? "",
    value: result.value?.value ?? "",
}));
console.log(JSON.stringify(results));
