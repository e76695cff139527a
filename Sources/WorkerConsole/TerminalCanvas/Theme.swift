/// How many colours a terminal shows.
package enum ColorLevel: Int, Sendable, Equatable, Comparable, CaseIterable {
    case mono, eight, sixteen, palette, trueColor

    /// The level of a terminal with so many colours.
    package init(colors: Int) {
        self =
            switch colors {
            case 0x100_0000...: .trueColor
            case 256...: .palette
            case 16...: .sixteen
            case 8...: .eight
            default: .mono
            }
    }

    package static func < (left: ColorLevel, right: ColorLevel) -> Bool { left.rawValue < right.rawValue }
}

/// How a role looks on one terminal.
package struct Style: Sendable, Equatable {
    /// 0xRRGGBB on a true-colour terminal, else an index of the palette; `nil` is the terminal's own.
    package var foreground: Int?
    package var background: Int?
    package var isBold = false
    package var isDim = false
    package var isUnderlined = false
    package var isReversed = false

    package init(
        foreground: Int? = nil, background: Int? = nil, isBold: Bool = false, isDim: Bool = false,
        isUnderlined: Bool = false, isReversed: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.isBold = isBold
        self.isDim = isDim
        self.isUnderlined = isUnderlined
        self.isReversed = isReversed
    }
}

/// What each role looks like. Only the terminal's own foreground and background are assumed.
package enum Theme: String, Sendable, Equatable, CaseIterable {
    /// Light colours, for a dark background.
    case dark
    /// Dark colours, for a light background.
    case light

    /// The look of `role` with the colours that there are.
    package func style(of role: Role, level: ColorLevel) -> Style {
        var style = self.shape(of: role, level: level)
        if let color = self.color(of: role) { style.foreground = color.value(at: level) }
        return style
    }

    /// The look of `role` in the selected row: its own colours on another background where there are enough colours,
    /// else reverse.
    package func selectedStyle(of role: Role, level: ColorLevel) -> Style {
        guard let ground = self.ground.value(above: .eight, at: level) else {
            return self.style(of: .selected, level: level)
        }
        var style = self.style(of: role, level: level)
        // What is reversed already stands out, and would swap the two colours.
        guard !style.isReversed else { return style }
        style.background = ground
        // The terminal's own foreground is not known to be readable on it.
        if style.foreground == nil {
            style.foreground = (style.isDim ? self.faintInk : self.ink).value(at: level)
        }
        style.isDim = false
        return style
    }

    private var ground: Ink { self == .dark ? .darkGround : .lightGround }
    private var ink: Ink { self == .dark ? .lightInk : .darkInk }
    private var faintInk: Ink { self == .dark ? .faintLightInk : .faintDarkInk }

    /// What is not colour: enough to tell the roles that need telling without any.
    private func shape(of role: Role, level: ColorLevel) -> Style {
        let isMono = level == .mono
        return switch role {
        case .plain, .tab, .ok, .redirect, .literal, .number: Style()
        case .dim, .border: Style(isDim: true)
        case .strong, .title, .key: Style(isBold: true)
        case .heading: Style(isBold: true, isDim: false, isUnderlined: isMono)
        case .header, .selected: Style(isReversed: true)
        case .danger: Style(isBold: true, isReversed: true)
        case .tabSelected: Style(isBold: true, isUnderlined: true)
        case .warning: Style(isUnderlined: isMono)
        case .failure: Style(isBold: true)
        case .active: Style(isBold: isMono)
        case .match: Style(isBold: true, isUnderlined: isMono, isReversed: !isMono)
        case .name: Style(isBold: isMono)
        }
    }

    private func color(of role: Role) -> Ink? {
        switch role {
        case .ok, .literal: self == .dark ? .lightGreen : .darkGreen
        case .redirect, .number: self == .dark ? .lightCyan : .darkCyan
        case .warning, .match: self == .dark ? .lightYellow : .darkYellow
        case .failure: self == .dark ? .lightRed : .darkRed
        case .active, .name: self == .dark ? .lightBlue : .darkBlue
        case .danger: self == .dark ? .lightMagenta : .darkMagenta
        default: nil
        }
    }
}

/// One colour at every level.
private struct Ink {
    let rgb: Int
    let palette: Int
    let sixteen: Int
    let eight: Int

    func value(at level: ColorLevel) -> Int? {
        switch level {
        case .mono: nil
        case .eight: self.eight
        case .sixteen: self.sixteen
        case .palette: self.palette
        case .trueColor: self.rgb
        }
    }

    /// The value at a level that has more colours than another one; `nil` below.
    func value(above least: ColorLevel, at level: ColorLevel) -> Int? { level > least ? self.value(at: level) : nil }

    static let darkGround = Ink(rgb: 0x2E3648, palette: 237, sixteen: 8, eight: 4)
    static let lightGround = Ink(rgb: 0xD6E0F2, palette: 253, sixteen: 7, eight: 7)
    static let lightInk = Ink(rgb: 0xF0F2F6, palette: 255, sixteen: 15, eight: 7)
    static let darkInk = Ink(rgb: 0x16181D, palette: 234, sixteen: 0, eight: 0)
    static let faintLightInk = Ink(rgb: 0xB4BAC8, palette: 250, sixteen: 7, eight: 7)
    static let faintDarkInk = Ink(rgb: 0x4E5563, palette: 240, sixteen: 8, eight: 0)
    static let lightRed = Ink(rgb: 0xFF7B85, palette: 210, sixteen: 9, eight: 1)
    static let lightGreen = Ink(rgb: 0x7FD88F, palette: 114, sixteen: 10, eight: 2)
    static let lightYellow = Ink(rgb: 0xE5C07B, palette: 180, sixteen: 11, eight: 3)
    static let lightBlue = Ink(rgb: 0x82AAFF, palette: 111, sixteen: 12, eight: 4)
    static let lightMagenta = Ink(rgb: 0xD7A0F0, palette: 176, sixteen: 13, eight: 5)
    static let lightCyan = Ink(rgb: 0x7DD3E8, palette: 116, sixteen: 14, eight: 6)
    static let darkRed = Ink(rgb: 0xB3261E, palette: 124, sixteen: 1, eight: 1)
    static let darkGreen = Ink(rgb: 0x1B6E2C, palette: 22, sixteen: 2, eight: 2)
    static let darkYellow = Ink(rgb: 0x7A5200, palette: 94, sixteen: 3, eight: 3)
    static let darkBlue = Ink(rgb: 0x1550B0, palette: 25, sixteen: 4, eight: 4)
    static let darkMagenta = Ink(rgb: 0x7B1FA2, palette: 90, sixteen: 5, eight: 5)
    static let darkCyan = Ink(rgb: 0x00616E, palette: 23, sixteen: 6, eight: 6)
}
