const query = `{query}`;

const response = await fetch("{endpoint}", {
    method: "POST",
    headers: { Accept: "{accept}" },
    body: new URLSearchParams({ query }),
});
console.log(await response.text());
