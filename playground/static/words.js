// What the page itself says, one small table a language; {names} are filled in.
const en = {
  channels: "Channels", direct: "Direct messages", you: "you", people: "Who are you?", switchPerson: "Change person",
  guest: "guest", language: "Language", light: "Light theme", dark: "Dark theme", menu: "Menu", close: "Close",
  cancel: "Cancel", back: "Back", send: "Send", attach: "Attach a file", messageTo: "Message {name}", hint: "Enter sends · Shift+Enter starts a new line · / shows the commands",
  onlyYou: "Only visible to you", edited: "(edited)", bot: "app", download: "Download {name}", today: "Today", yesterday: "Yesterday",
  welcome: "This is the start of your conversation with {name}.", welcomeDirect: "Good to see you, {person}.",
  welcomeChannel: "This is the start of #{name}.", tryThese: "Try one of these, or type a question below.",
  failed: "The app did not answer. Try again.", failedForm: "We could not reach the app. Try again.", gone: "That is no longer there.",
  offline: "The playground is not running. Trying again…", choose: "Choose…", search: "Type to search…", nothing: "Nothing found", optional: "(optional)",
  required: "Please complete this required field.", more: "More actions", shared: "shared with another organisation", typing: "{name} is preparing an answer",
  messages: "Messages", home: "Home", homeEmpty: "Nothing here yet.", reply: "Reply in thread", replying: "Replying in a thread",
  newMessage: "New message from {name}", open: "Open", image: "Image: {name}", notShown: "A block that this page does not draw: {name}", saved: "Saving…",
  newest: "New messages", members: "{count} people", youTyped: "You typed", skip: "Skip to the message box", sure: "Are you sure?",
};
const es = {
  channels: "Canales", direct: "Mensajes directos", you: "tú", people: "¿Quién eres?", switchPerson: "Cambiar de persona",
  guest: "invitado", language: "Idioma", light: "Tema claro", dark: "Tema oscuro", menu: "Menú", close: "Cerrar",
  cancel: "Cancelar", back: "Volver", send: "Enviar", attach: "Adjuntar un archivo", messageTo: "Mensaje a {name}", hint: "Enter envía · Mayús+Enter abre otra línea · / muestra los comandos",
  onlyYou: "Solo tú puedes ver esto", edited: "(editado)", bot: "app", download: "Descargar {name}", today: "Hoy", yesterday: "Ayer",
  welcome: "Aquí empieza tu conversación con {name}.", welcomeDirect: "Qué bueno verte, {person}.",
  welcomeChannel: "Aquí empieza #{name}.", tryThese: "Prueba una de estas, o escribe una pregunta abajo.",
  failed: "La app no respondió. Inténtalo de nuevo.", failedForm: "No pudimos llegar a la app. Inténtalo de nuevo.", gone: "Eso ya no está.",
  offline: "El playground no está en marcha. Reintentando…", choose: "Elige…", search: "Escribe para buscar…", nothing: "No hay resultados", optional: "(opcional)",
  required: "Completa este campo obligatorio.", more: "Más acciones", shared: "compartido con otra organización", typing: "{name} prepara una respuesta",
  messages: "Mensajes", home: "Inicio", homeEmpty: "Aún no hay nada aquí.", reply: "Responder en el hilo", replying: "Respondes en un hilo",
  newMessage: "Mensaje nuevo de {name}", open: "Abrir", image: "Imagen: {name}", notShown: "Un bloque que esta página no dibuja: {name}", saved: "Guardando…",
  newest: "Mensajes nuevos", members: "{count} personas", youTyped: "Escribiste", skip: "Ir al cuadro de mensaje", sure: "¿Seguro?",
};
const TABLES = { en, es };
export const LANGUAGES = { en: "English", es: "Español" };

let language = "en";

export function speak(chosen) {
  language = chosen in TABLES ? chosen : "en";
  document.documentElement.lang = language;
}

export function spoken() {
  return language;
}

export function t(key, names = {}) {
  return TABLES[language][key].replace(/\{(\w+)\}/g, (_, name) => names[name] ?? "");
}
