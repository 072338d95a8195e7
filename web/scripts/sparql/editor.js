// The text area as an editor: colours, completion, errors where they are. It lives in a shadow
// root, because there CodeMirror uses style sheets that a strict policy allows.

import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { complete } from "./complete.js";

// Each has a contrast of 4.5 to 1 and more on white and on the active line.
const COLOURS = HighlightStyle.define([
    { tag: tags.keyword, color: "#0047b3", fontWeight: "600" },
    { tag: [tags.variableName, tags.special(tags.variableName)], color: "#6b2c91" },
    { tag: [tags.string, tags.special(tags.string)], color: "#7a3e00" },
    { tag: [tags.atom, tags.number, tags.bool], color: "#00594d" },
    { tag: tags.comment, color: "#4d5b69", fontStyle: "italic" },
    { tag: [tags.meta, tags.operator], color: "#37414c" },
]);

const LOOK = EditorView.theme({
    "&": { fontSize: "1rem", backgroundColor: "#fff", color: "#17324d", border: "1px solid #5d7083", borderRadius: "4px" },
    "&.cm-focused": { outline: "3px solid #06c", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: '"Roboto Mono", "DejaVu Sans Mono", ui-monospace, monospace', lineHeight: "1.6", maxHeight: "32rem", overflow: "auto" },
    ".cm-content, .cm-gutter": { minHeight: "14rem" },
    ".cm-content": { padding: "0.75rem 0" },
    ".cm-gutters": { backgroundColor: "#f5f7fa", color: "#4d5b69", borderRight: "1px solid #d9e0e7" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "#eef4fb" },
    ".cm-tooltip": { border: "1px solid #5d7083", borderRadius: "4px", backgroundColor: "#fff", color: "#17324d" },
    ".cm-tooltip-autocomplete > ul > li": { padding: "0.35rem 0.6rem" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "#06c", color: "#fff" },
    ".cm-completionDetail": { fontStyle: "normal", color: "#4d5b69" },
    "li[aria-selected] .cm-completionDetail": { color: "#fff" },
    ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "3px solid #cc334d", backgroundColor: "#fdecef" },
    ".cm-diagnostic-error": { borderLeft: "5px solid #cc334d" },
    ".cm-lint-marker-error": { content: "none", width: "0.7em", height: "0.7em", borderRadius: "50%", backgroundColor: "#cc334d" },
});

/** Puts an editor in the place of a text area, which keeps holding the text. */
export function editor(area, { label, describedBy, terms, language, phrases, onRun, onChange }) {
    const host = document.createElement("div");
    host.className = "sparql-editor";
    const root = host.attachShadow({ mode: "open" });
    // A description outside a shadow root cannot be pointed to, so it is repeated inside.
    const hint = document.createElement("p");
    hint.id = "hint";
    hint.hidden = true;
    hint.textContent = describedBy;
    root.append(hint);
    const view = new EditorView({
        parent: root,
        root,
        state: EditorState.create({
            doc: area.value,
            extensions: [
                lineNumbers(),
                history(),
                drawSelection(),
                bracketMatching(),
                closeBrackets(),
                highlightActiveLine(),
                lintGutter(),
                EditorState.phrases.of(phrases),
                EditorView.lineWrapping,
                StreamLanguage.define(sparql),
                syntaxHighlighting(COLOURS),
                LOOK,
                autocompletion({ override: [complete(terms, language)], icons: false }),
                // Tab is left alone, so that it goes on to the next control.
                keymap.of([
                    { key: "Mod-Enter", run: () => (onRun(), true) },
                    ...completionKeymap,
                    ...defaultKeymap,
                    ...historyKeymap,
                ]),
                EditorView.domEventHandlers({ beforeinput: replace }),
                EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "hint", spellcheck: "false" }),
                EditorView.updateListener.of((update) => {
                    if (update.docChanged) {
                        area.value = update.state.doc.toString();
                        onChange();
                    }
                }),
            ],
        }),
    });
    area.hidden = true;
    area.required = false;
    area.after(host);
    return {
        get text() {
            return view.state.doc.toString();
        },
        set text(text) {
            view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        },
        focus: () => view.focus(),
        /** Marks the place of a problem, or none. */
        mark(problem) {
            view.dispatch(setDiagnostics(view.state, problem?.line ? [diagnostic(view.state.doc, problem)] : []));
        },
        /** Puts the cursor where a problem is. */
        go(problem) {
            if (problem?.line) {
                const { from } = diagnostic(view.state.doc, problem);
                view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
            }
            view.focus();
        },
    };
}

// Where a selection is typed over, browsers keep its look in a style attribute, which the policy
// forbids; so the editor does it itself, by the ways that others have of handling what is typed.
function replace(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (empty || event.isComposing || event.inputType !== "insertText" || !event.data) {
        return false;
    }
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert))) {
        view.dispatch(insert());
    }
    return true;
}

function diagnostic(doc, { line, column, message }) {
    const { from: start, to: end } = doc.line(Math.min(line, doc.lines));
    let from = Math.min(start + column - 1, end);
    const word = /^[\w:?$-]+/.exec(doc.sliceString(from, end));
    let to = Math.min(from + (word ? word[0].length : 1), end);
    if (from === to && from > start) {
        from = to - 1;
    }
    return { from, to, severity: "error", message };
}
