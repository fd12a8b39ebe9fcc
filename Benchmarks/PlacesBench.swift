import Core
import Foundation
import Mining
import Sheets

/// Which township an address lies in.
enum PlacesBench {
    static func places(_: [String]) async throws {
        guard let path = RealData.file("geo/putuo_addresses.csv") else {
            return Report.skip("places", because: "the located addresses are not at hand")
        }
        let rows = try TopicsBench.rows(path, ["address", "wgs84_lng", "wgs84_lat", "township"])
        let examples = rows.compactMap { row -> PlaceModel.Example? in
            guard let longitude = Double(row[1]), let latitude = Double(row[2]),
                let point = Coordinate(latitude: latitude, longitude: longitude)
            else { return nil }
            return PlaceModel.Example(address: row[0], point: point, township: row[3])
        }
        var random = SeededRandom(seed: 30)
        var (all, answered, right, answers): ([Double], [Double], [Double], [Answer]) = ([], [], [], [])
        for _ in 0..<3 {
            let order = examples.indices.shuffled(using: &random)
            var (hits, given, givenHits) = (0, 0, 0)
            for fold in 0..<10 {
                let training = order.indices.filter { $0 % 10 != fold }.map { examples[order[$0]] }
                let model = try PlaceModel.train(training)
                for place in order.indices where place % 10 == fold {
                    let example = examples[order[place]]
                    let guess = model.guess(example.address)
                    let isRight = guess.township == example.township
                    answers.append(Answer(permille: guess.permille, isRight: isRight))
                    hits += isRight ? 1 : 0
                    given += guess.isSure ? 1 : 0
                    givenHits += guess.isSure && isRight ? 1 : 0
                }
            }
            all.append(Double(hits) / Double(examples.count))
            answered.append(Double(given) / Double(examples.count))
            right.append(Double(givenHits) / Double(max(1, given)))
        }
        Report.figure(
            "right, of what is answered (\(examples.count) addresses)", Samples(right), "",
            limit: ("at least 0.88", { $0 >= 0.88 }))
        Report.figure("answered", Samples(answered), "")
        Report.figure("right of all, were it never to abstain", Samples(all), "")
        Report.line("expected calibration error, ten bins", Report.number(Answer.calibrationError(answers)))
        switch Peer("places").run([path]) {
        case .skipped(let why): Report.skip("beside scikit-learn", because: why)
        case .measured(let answer):
            for (name, key) in [("linear support vector machine", "svm"), ("nearest neighbour", "nearest")] {
                if let figure = answer.figures?[key] {
                    Report.line("right of all, \(name) on character 1–3-grams", Report.number(figure))
                }
            }
        }
    }
}
