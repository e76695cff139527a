/// How many columns a character takes.
package enum CharacterWidth {
    /// 1 or 2.
    package static func columns(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 1 }
        return scalar.value >= 0x1100 ? 2 : 1
    }
}
