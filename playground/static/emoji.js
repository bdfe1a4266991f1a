// The names that a customer success bot is likely to write; any other stays as it was typed.
export const EMOJI = Object.fromEntries(
  `white_check_mark ✅ heavy_check_mark ✔️ x ❌ warning ⚠️ large_green_circle 🟢 large_yellow_circle 🟡 red_circle 🔴 white_circle ⚪
   black_circle ⚫ large_blue_circle 🔵 large_orange_diamond 🔶 small_orange_diamond 🔸 seedling 🌱 sunny ☀️ chart_with_upwards_trend 📈
   chart_with_downwards_trend 📉 bar_chart 📊 calendar 📅 date 📅 eyes 👀 wave 👋 tada 🎉 rocket 🚀 fire 🔥 bulb 💡 bell 🔔 no_bell 🔕 phone ☎️
   telephone_receiver 📞 email ✉️ memo 📝 pencil 📝 paperclip 📎 link 🔗 lock 🔒 key 🔑 moneybag 💰 dollar 💵 star ⭐ sparkles ✨ heart ❤️
   thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 clap 👏 pray 🙏 muscle 💪 point_right 👉 point_left 👈 arrow_up ⬆️ arrow_down ⬇️ arrow_right ➡️
   arrow_upper_right ↗️ arrow_lower_right ↘️ hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ zzz 💤 smile 😄 slightly_smiling_face 🙂
   neutral_face 😐 disappointed 😞 thinking_face 🤔 question ❓ exclamation ❗ information_source ℹ️ gear ⚙️ mag 🔍 house 🏠 handshake 🤝
   performing_arts 🎭 clapper 🎬 books 📚 package 📦 inbox_tray 📥 outbox_tray 📤 page_facing_up 📄 spiral_calendar_pad 🗓️ speech_balloon 💬
   ballot_box_with_check ☑️ rotating_light 🚨 sos 🆘 trophy 🏆 dart 🎯 compass 🧭 umbrella ☔ snowflake ❄️ cloud ☁️`
    .trim().split(/\s+/).flatMap((word, place, all) => (place % 2 ? [] : [[word, all[place + 1]]])),
);
