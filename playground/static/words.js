// What the page itself says, one small table a language; {names} are filled in.
const en = {
  channels: "Channels", direct: "Direct messages", people: "Who are you?", switchPerson: "Change person",
  guest: "guest", language: "Language", light: "Light theme", dark: "Dark theme", menu: "Menu", close: "Close",
  cancel: "Cancel", back: "Back", send: "Send", attach: "Attach a file", messageTo: "Message {name}", hint: "Enter sends · Shift+Enter starts a new line · / shows the commands",
  onlyYou: "Only visible to you", edited: "(edited)", bot: "app", download: "Download {name}", today: "Today", yesterday: "Yesterday",
  welcome: "This is the start of your conversation with {name}.", welcomeDirect: "Good to see you, {person}.",
  welcomeChannel: "This is the start of #{name}.", tryThese: "Try one of these, or type a question below.",
  failed: "The app did not answer. Try again.", failedForm: "We could not reach the app. Try again.", gone: "That is no longer there.",
  offline: "The playground is not running. Trying again…", choose: "Choose…", search: "Type to search…", nothing: "Nothing found", optional: "(optional)",
  required: "Please complete this required field.", more: "More actions", shared: "shared with another organisation", typing: "{name} is preparing an answer",
  messages: "Messages", home: "Home", homeEmpty: "Nothing here yet.", reply: "Reply in thread", replying: "Replying in a thread",
  newMessage: "New message from {name}", image: "Image: {name}", notShown: "A block that this page does not draw: {name}",
  newest: "New messages", members: "{count} people", youTyped: "You typed", skip: "Skip to the message box",
  conversation: "Messages of this conversation", table: "Table", unread: "new messages", dropHere: "Drop it here to send it to {name}",
  notSent: "The file could not be sent.", move: "Let it be later", move_hour: "One hour later", move_morning: "Tomorrow at 9:00", move_monday: "Next Monday at 9:00",
  room: "People and sharing", share: "Share this channel with {name}", unshare: "Stop sharing with {name}",
  shareHint: "Their people come in and read along", unshareHint: "Their people leave", invite: "Invite {name}", remove: "Remove {name}",
  note_shared: "{who} shared this channel with {name}", note_unshared: "{who} stopped sharing this channel with {name}",
  note_joined: "{who} invited {name}", note_left: "{who} removed {name}", remove_choice: "Remove {name}",
  atLeast: "Please enter at least {n} characters.", atMost: "Please enter at most {n} characters.", number: "Please enter a number.",
  whole: "Please enter a whole number.", orMore: "Please enter {n} or more.", orLess: "Please enter {n} or less.", email: "Please enter an e-mail address.",
  address: "Please enter a web address.", chooseAtMost: "Please choose at most {n}.",
};
const es = {
  channels: "Canales", direct: "Mensajes directos", people: "¿Quién eres?", switchPerson: "Cambiar de persona",
  guest: "invitado", language: "Idioma", light: "Tema claro", dark: "Tema oscuro", menu: "Menú", close: "Cerrar",
  cancel: "Cancelar", back: "Volver", send: "Enviar", attach: "Adjuntar un archivo", messageTo: "Mensaje a {name}", hint: "Enter envía · Mayús+Enter abre otra línea · / muestra los comandos",
  onlyYou: "Solo tú puedes ver esto", edited: "(editado)", bot: "app", download: "Descargar {name}", today: "Hoy", yesterday: "Ayer",
  welcome: "Aquí empieza tu conversación con {name}.", welcomeDirect: "Qué bueno verte, {person}.",
  welcomeChannel: "Aquí empieza #{name}.", tryThese: "Prueba una de estas, o escribe una pregunta abajo.",
  failed: "La app no respondió. Inténtalo de nuevo.", failedForm: "No pudimos llegar a la app. Inténtalo de nuevo.", gone: "Eso ya no está.",
  offline: "El playground no está en marcha. Reintentando…", choose: "Elige…", search: "Escribe para buscar…", nothing: "No hay resultados", optional: "(opcional)",
  required: "Completa este campo obligatorio.", more: "Más acciones", shared: "compartido con otra organización", typing: "{name} prepara una respuesta",
  messages: "Mensajes", home: "Inicio", homeEmpty: "Aún no hay nada aquí.", reply: "Responder en el hilo", replying: "Respondes en un hilo",
  newMessage: "Mensaje nuevo de {name}", image: "Imagen: {name}", notShown: "Un bloque que esta página no dibuja: {name}",
  newest: "Mensajes nuevos", members: "{count} personas", youTyped: "Escribiste", skip: "Ir al cuadro de mensaje",
  conversation: "Mensajes de esta conversación", table: "Tabla", unread: "mensajes nuevos", dropHere: "Suéltalo aquí para enviarlo a {name}",
  notSent: "No se pudo enviar el archivo.", move: "Adelantar el reloj", move_hour: "Una hora después", move_morning: "Mañana a las 9:00", move_monday: "El próximo lunes a las 9:00",
  room: "Personas y acceso", share: "Compartir este canal con {name}", unshare: "Dejar de compartir con {name}",
  shareHint: "Su gente entra y puede leer", unshareHint: "Su gente sale", invite: "Invitar a {name}", remove: "Quitar a {name}",
  note_shared: "{who} compartió este canal con {name}", note_unshared: "{who} dejó de compartir este canal con {name}",
  note_joined: "{who} invitó a {name}", note_left: "{who} quitó a {name}", remove_choice: "Quitar {name}",
  atLeast: "Escribe al menos {n} caracteres.", atMost: "Escribe como máximo {n} caracteres.", number: "Escribe un número.",
  whole: "Escribe un número entero.", orMore: "Escribe {n} o más.", orLess: "Escribe {n} o menos.", email: "Escribe una dirección de correo.",
  address: "Escribe una dirección web.", chooseAtMost: "Elige como máximo {n}.",
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

// What Slack's own form says of an input, in the reader's language; an app's sentence stays as the app wrote it.
const FORM = {
  required: /^Please complete this required field\.$/, atLeast: /^Please enter at least (\S+) characters\.$/,
  atMost: /^Please enter at most (\S+) characters\.$/, number: /^Please enter a number\.$/, whole: /^Please enter a whole number\.$/,
  orMore: /^Please enter (\S+) or more\.$/, orLess: /^Please enter (\S+) or less\.$/, email: /^Please enter an e-mail address\.$/,
  address: /^Please enter a web address\.$/, chooseAtMost: /^Please choose at most (\S+)\.$/,
};

export function ofForm(sentence) {
  const [key, pattern] = Object.entries(FORM).find(([, each]) => each.test(sentence)) ?? [];
  return key ? t(key, { n: pattern.exec(sentence)[1] }) : sentence;
}
