import Foundation
package import TerminalCanvas

/// Compares a canvas with the text file `Golden/<name>.txt` beside the test file.
///
/// The file holds a glyph plane and a role plane of the same shape. `RECORD_GOLDEN=1` in the environment rewrites it.
/// - Returns: `nil` when both are the same, else the first difference and both pictures, ready to print.
package func goldenMismatch(_ canvas: Canvas, _ name: String, file: String = #filePath) -> String? {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Golden")
    let url = folder.appendingPathComponent("\(name).txt")
    let actual = planes(of: canvas)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(actual.utf8).write(to: url)
            return nil
        } catch {
            return "cannot record \(name): \(error)"
        }
    }
    guard let data = try? Data(contentsOf: url) else { return "no golden \(name).txt; it would be:\n\(actual)" }
    let expected = String(decoding: data, as: UTF8.self)
    if expected == actual { return nil }
    let pairs = zip(
        expected.split(separator: "\n", omittingEmptySubsequences: false),
        actual.split(separator: "\n", omittingEmptySubsequences: false))
    let line = pairs.enumerated().first { $0.element.0 != $0.element.1 }
    let first = line.map { "line \($0.offset + 1)\n- \($0.element.0)\n+ \($0.element.1)" } ?? "another length"
    return "\(name): \(first)\nnow:\n\(actual)"
}

/// The glyph plane, an empty line, and the role plane: one letter a cell, `.` for plain; behind a row the columns of it
/// that are selected.
private func planes(of canvas: Canvas) -> String {
    let letters = Array(".dsHDtTbBSgkorwfamlnN")
    var glyphs = ""
    var roles = ""
    for row in 0..<canvas.size.rows {
        for column in 0..<canvas.size.columns {
            let cell = canvas[row, column]
            glyphs += cell.text
            let index = Role.allCases.firstIndex(of: cell.role) ?? 0
            roles.append(index < letters.count ? letters[index] : "?")
        }
        glyphs += "│\n"
        let selected = (0..<canvas.size.columns).filter { canvas[row, $0].isSelected }
        if let first = selected.first, let last = selected.last { roles += " selected \(first)-\(last)" }
        roles += "\n"
    }
    return glyphs + "\n" + roles
}
