/// The named characters of one glyph set; each takes one column.
///
/// Widths follow Unicode's EastAsianWidth.txt: the neutral set has only characters of width Neutral or Narrow.
/// There is one of each set, shared: a frame asks for them hundreds of times.
package final class Glyphs: Sendable, Equatable {
    // Frames.
    package let topLeft, topRight, bottomLeft, bottomRight: String
    package let horizontal, vertical: String
    // States.
    package let up, rising, warning, down, idle, mock: String
    // Classes of responses.
    package let ok, redirect, inFlight, clientGone, preflight: String
    // Marks in lists.
    package let pointer, active, expanded, marked, check, cross, skipped: String
    // Flags of an exchange.
    package let flag, key, retry, timer, cut, object, row: String
    // Text.
    package let ellipsis, middleDot, unknown, bullet, times, more: String
    package let arrowUp, arrowDown, arrowLeft, arrowRight: String
    package let tabLeft, tabRight: String
    package let pause: String
    /// The Enter key as the key line shows it; more than one column in the ASCII set.
    package let enter: String
    package let scrollTrack, scrollThumb: String
    /// Eight heights, lowest first.
    package let spark: [String]
    /// Four fills, densest first.
    package let shades: [String]
    /// What stands for a character that cannot be shown.
    package let replacement: String

    fileprivate init(
        topLeft: String, topRight: String, bottomLeft: String, bottomRight: String,
        horizontal: String, vertical: String,
        up: String, rising: String, warning: String, down: String, idle: String, mock: String,
        ok: String, redirect: String, inFlight: String, clientGone: String, preflight: String,
        pointer: String, active: String, expanded: String, marked: String, check: String, cross: String,
        skipped: String,
        flag: String, key: String, retry: String, timer: String, cut: String, object: String, row: String,
        ellipsis: String, middleDot: String, unknown: String, bullet: String, times: String, more: String,
        arrowUp: String, arrowDown: String, arrowLeft: String, arrowRight: String,
        tabLeft: String, tabRight: String,
        pause: String,
        enter: String, scrollTrack: String, scrollThumb: String,
        spark: [String], shades: [String], replacement: String
    ) {
        (self.topLeft, self.topRight, self.bottomLeft, self.bottomRight) = (topLeft, topRight, bottomLeft, bottomRight)
        (self.horizontal, self.vertical) = (horizontal, vertical)
        (self.up, self.rising, self.warning, self.down, self.idle, self.mock) = (up, rising, warning, down, idle, mock)
        (self.ok, self.redirect, self.inFlight, self.clientGone, self.preflight) = (
            ok, redirect, inFlight, clientGone, preflight
        )
        (self.pointer, self.active, self.expanded, self.marked, self.check, self.cross, self.skipped) = (
            pointer, active, expanded, marked, check, cross, skipped
        )
        (self.flag, self.key, self.retry, self.timer, self.cut, self.object, self.row) = (
            flag, key, retry, timer, cut, object, row
        )
        (self.ellipsis, self.middleDot, self.unknown, self.bullet, self.times, self.more) = (
            ellipsis, middleDot, unknown, bullet, times, more
        )
        (self.arrowUp, self.arrowDown, self.arrowLeft, self.arrowRight) = (arrowUp, arrowDown, arrowLeft, arrowRight)
        (self.tabLeft, self.tabRight) = (tabLeft, tabRight)
        self.pause = pause
        self.enter = enter
        (self.scrollTrack, self.scrollThumb) = (scrollTrack, scrollThumb)
        (self.spark, self.shades, self.replacement) = (spark, shades, replacement)
    }

    package static func == (left: Glyphs, right: Glyphs) -> Bool { left === right }
}

extension GlyphSet {
    /// The characters of this set.
    package var glyphs: Glyphs {
        switch self {
        case .unicode: Glyphs.unicode
        case .neutral: Glyphs.neutral
        case .console: Glyphs.console
        case .ascii: Glyphs.ascii
        }
    }
}

extension Glyphs {
    fileprivate static let unicode = Glyphs(
        topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─", vertical: "│",
        up: "●", rising: "◐", warning: "▲", down: "✖", idle: "○", mock: "■",
        ok: "·", redirect: "↪", inFlight: "…", clientGone: "⊘", preflight: "⇄",
        pointer: "▌", active: "▸", expanded: "▾", marked: "◆", check: "✓", cross: "✖", skipped: "–",
        flag: "⚑", key: "⚿", retry: "↺", timer: "⧗", cut: "✂", object: "▤", row: "▦",
        ellipsis: "…", middleDot: "·", unknown: "—", bullet: "•", times: "×", more: "⋯",
        arrowUp: "↑", arrowDown: "↓", arrowLeft: "←", arrowRight: "→", tabLeft: "‹", tabRight: "›",
        pause: "‖", enter: "⏎", scrollTrack: "▕", scrollThumb: "▐",
        spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], shades: ["█", "▓", "▒", "░"], replacement: "\u{FFFD}")

    fileprivate static let neutral = Glyphs(
        topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-", vertical: "|",
        up: "◉", rising: "◍", warning: "!", down: "✖", idle: "◦", mock: "#",
        ok: "∙", redirect: "↪", inFlight: "⋯", clientGone: "⊘", preflight: "⇄",
        pointer: "▐", active: "▸", expanded: "▾", marked: "❖", check: "✓", cross: "✖", skipped: "-",
        flag: "⚑", key: "%", retry: "↺", timer: "⧗", cut: "✂", object: "@", row: "#",
        ellipsis: "⋯", middleDot: "∙", unknown: "-", bullet: "∙", times: "x", more: "⋯",
        arrowUp: "⇡", arrowDown: "⇣", arrowLeft: "⇠", arrowRight: "⇢", tabLeft: "‹", tabRight: "›",
        pause: "=", enter: "⏎", scrollTrack: "|", scrollThumb: "▐",
        spark: ["⡀", "⣀", "⣄", "⣤", "⣦", "⣶", "⣷", "⣿"], shades: ["⣿", "⣶", "⣤", "░"], replacement: "?")

    fileprivate static let ascii = Glyphs(
        topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-", vertical: "|",
        up: "*", rising: "%", warning: "!", down: "X", idle: "o", mock: "#",
        ok: ".", redirect: ">", inFlight: "~", clientGone: "/", preflight: "=",
        pointer: ">", active: ">", expanded: "v", marked: "@", check: "+", cross: "X", skipped: "-",
        flag: "f", key: "k", retry: "r", timer: "t", cut: "c", object: "b", row: "d",
        ellipsis: "~", middleDot: ".", unknown: "-", bullet: "*", times: "x", more: "~",
        arrowUp: "^", arrowDown: "v", arrowLeft: "<", arrowRight: ">", tabLeft: "[", tabRight: "]",
        pause: "=", enter: "Enter", scrollTrack: "|", scrollThumb: "#",
        spark: ["_", ".", ",", "-", ":", "=", "*", "#"], shades: ["#", "=", "~", "."], replacement: "?")

    /// The marks of ASCII, with the lines, blocks and fills that the fonts of text consoles have (code page 437).
    fileprivate static let console = Glyphs(
        topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", horizontal: "─", vertical: "│",
        up: "*", rising: "%", warning: "!", down: "X", idle: "o", mock: "#",
        ok: ".", redirect: ">", inFlight: "~", clientGone: "/", preflight: "=",
        pointer: ">", active: ">", expanded: "v", marked: "@", check: "+", cross: "X", skipped: "-",
        flag: "f", key: "k", retry: "r", timer: "t", cut: "c", object: "b", row: "d",
        ellipsis: "~", middleDot: ".", unknown: "-", bullet: "*", times: "x", more: "~",
        arrowUp: "^", arrowDown: "v", arrowLeft: "<", arrowRight: ">", tabLeft: "[", tabRight: "]",
        pause: "=", enter: "Enter", scrollTrack: "│", scrollThumb: "█",
        spark: ["_", "_", "▄", "▄", "▄", "█", "█", "█"], shades: ["█", "▓", "▒", "░"], replacement: "?")
}
