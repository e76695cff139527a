import Foundation
import Synchronization

/// A folder for one test, whose path holds no symbolic link; removed when the tests have ended.
package func temporaryFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("wc-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let path = url.resolvingSymlinksInPath().path
    let isFirst = folders.withLock { folders in
        folders.append(path)
        return folders.count == 1
    }
    if isFirst {
        atexit {
            for path in folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
        }
    }
    return path
}

private let folders = Mutex<[String]>([])
