import { Application } from "@hotwired/stimulus";
import { BoardController } from "./board-controller.ts";
import { ChatController } from "./chat-controller.ts";
import { CostController } from "./cost-controller.ts";
import { CountdownController } from "./countdown-controller.ts";
import { followHashRoute } from "./hash-route.ts";
import { LifeController } from "./life-controller.ts";
import { NetworkController } from "./network-controller.ts";
import { OperationLogController } from "./operation-log-controller.ts";
import { SendingController } from "./sending-controller.ts";
import { TodosController } from "./todos-controller.ts";

// Loaded by the pages of the todos, the rows, the network, the timers, the operations and those that many share; every other page does with the
// client that the runtime serves.

addEventListener("hashchange", followHashRoute);
followHashRoute();
const application = Application.start();
application.register("todos", TodosController);
application.register("cost", CostController);
application.register("network", NetworkController);
application.register("countdown", CountdownController);
application.register("operation-log", OperationLogController);
application.register("board", BoardController);
application.register("chat", ChatController);
application.register("life", LifeController);
application.register("sending", SendingController);
