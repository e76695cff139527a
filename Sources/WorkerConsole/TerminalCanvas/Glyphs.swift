/// The named characters of one glyph set; each takes one column.
///
/// Widths follow Unicode's EastAsianWidth.txt: the neutral set has only characters of width Neutral or Narrow.
package struct Glyphs: Sendable, Equatable {
    // Frames.
    package fileprivate(set) var topLeft, topRight, bottomLeft, bottomRight: String
    package fileprivate(set) var horizontal, vertical: String
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
    package fileprivate(set) var scrollTrack, scrollThumb: String
    /// Eight heights, lowest first.
    package fileprivate(set) var spark: [String]
    /// Four fills, densest first.
    package fileprivate(set) var shades: [String]
    /// What stands for a character that cannot be shown.
    package let replacement: String
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
    fileprivate static let console = {
        var glyphs = Self.ascii
        (glyphs.topLeft, glyphs.topRight) = ("┌", "┐")
        (glyphs.bottomLeft, glyphs.bottomRight) = ("└", "┘")
        (glyphs.horizontal, glyphs.vertical) = ("─", "│")
        (glyphs.scrollTrack, glyphs.scrollThumb) = ("│", "█")
        glyphs.spark = ["_", "_", "▄", "▄", "▄", "█", "█", "█"]
        glyphs.shades = ["█", "▓", "▒", "░"]
        return glyphs
    }()
}
