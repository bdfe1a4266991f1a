"""`python -m benchmarks`: every measurement, each as ratios of one run."""

from benchmarks import score

if __name__ == "__main__":
    score.main()
