// What the page of a record gains from scripts: the drawing of a network arranges itself.

import { networks } from "./parts/network.js";

networks();
