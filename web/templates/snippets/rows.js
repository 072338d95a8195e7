const query = `{query}`;

const response = await fetch("{endpoint}", {
    method: "POST",
    headers: { Accept: "application/sparql-results+json" },
    body: new URLSearchParams({ query }),
});
const { results } = await response.json();
for (const row of results.bindings) {
    console.log(Object.fromEntries(Object.entries(row).map(([name, { value }]) => [name, value])));
}
