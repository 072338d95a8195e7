// What every page gains from scripts. Each part looks for its place and does nothing without it.

import { actions } from "./parts/actions.js";
import { live } from "./parts/live.js";
import { menu } from "./parts/menu.js";
import { suggestions } from "./parts/suggest.js";
import { tray } from "./parts/tray.js";

menu();
suggestions();
live();
tray();
actions();
