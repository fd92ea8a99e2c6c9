import { Application } from "@hotwired/stimulus";
import { followHashRoute } from "./hash-route.ts";
import { TodosController } from "./todos-controller.ts";

// Loaded by the pages of the todos alone; every other page does with the client that the runtime serves.

addEventListener("hashchange", followHashRoute);
followHashRoute();
Application.start().register("todos", TodosController);
